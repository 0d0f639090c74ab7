"""What a property's or a parameter's name says of its value: a phone number, a secret, a network address."""

import re

from optiq.kernel.short_texts import cached_when_short

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_PHONE = re.compile(
    r"(?:user|customer|client|contact|billing|shipping|business|home|work|cell|mobile)?(?:tele)?phones?(?:number|num|no|nr)?|"
    r"tel(?:number|no|nr)?|telefono?(?:e|nummer)?|telefone|mobile?s?(?:number|no|nr|nummer)?|handy(?:nummer)?|"
    r"msisdn|whatsapp(?:number)?|fax(?:number)?"
)
_AFTER_PHONE = frozenset(
    {"number", "numbers", "num", "no", "nr", "nummer", "numero", "home", "work", "mobile", "private", "primary"}
    | {"secondary", "intl", "international", "e", "formatted", "full", "raw", "value", "digits", "main"}
)
"""What may follow `phone` in the name of a phone number; `phone_model` and `mobile_app_id` name none."""
_NO_PHONE = frozenset(
    {"price", "amount", "revenue", "total", "count", "order", "product", "item", "sku", "model", "id"}
)
_OF_SIGN_IN = (
    r"reset|recover|recovery|activation|activate|verification|verify|confirm|confirmation|invite|invitation|login|"
    r"sign[_-]?in|magic|unlock|auth|session|security"
)
SECRET_NAMES = (
    rf"(?:(?:api|access|private|write|secret|signing|encryption|license|{_OF_SIGN_IN})[_-]?key|"
    rf"(?:access|backup|pin|otp|mfa|2fa|totp|sms|authorization|{_OF_SIGN_IN})[_-]?code)"
)
"""Names, or their ends, of keys and codes that let somebody in. The code of a promotion, country or product is none."""
_SECRET = re.compile(
    rf"(?:token|passw(?:or)?ds?[_-]?(?:confirm(?:ation)?|again|repeat)?|passwort|pwd|passphrase|secret|authorization|jwt|"
    rf"signature|credentials?|samlresponse|(?:j|php|asp)sess(?:ion)?id|^(?:otp|sig|bearer)|{SECRET_NAMES})\d{{0,2}}$",
    re.IGNORECASE,
)
_NETWORK = re.compile(r"ip|ips|ipv\d?|ipaddress|ipaddr|addr|address|forwarded|remote")


@cached_when_short(4_096)
def names_phone(name: str) -> bool:
    """Whether a value of this name may be a phone number: `phone`, `customerPhoneNumber`, `contact[mobile]`."""
    words = _words(name)
    at = next((place for place, word in enumerate(words) if _PHONE.fullmatch(word)), None)
    return at is not None and not _NO_PHONE.intersection(words) and _AFTER_PHONE.issuperset(words[at + 1 :])


@cached_when_short(4_096)
def details_phone(name: str) -> bool:
    """Whether a part of this name is the number itself, within an object that is called a phone."""
    return _AFTER_PHONE.issuperset(_words(name))


@cached_when_short(4_096)
def names_secret(name: str) -> bool:
    """Whether a property of this name is a secret: `password`, `accessToken`, `api_key`."""
    return len(name) <= 100 and _SECRET.search(name.strip()) is not None


@cached_when_short(4_096)
def names_network(name: str) -> bool:
    """Whether a property of this name may hold a network address: `ip`, `client_ip`, `x-forwarded-for`."""
    return any(_NETWORK.fullmatch(word) for word in _words(name))


def _words(name: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(name[:100])]
