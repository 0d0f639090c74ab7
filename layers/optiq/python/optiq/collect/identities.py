"""Which identifiers of a person an event names, each in one spelling, so that one person has one hash."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from optiq.collect.payloads import MAX_ID
from optiq.collect.placeholders import is_no_mailbox, is_no_phone, is_placeholder, without_blanks
from optiq.kernel.events import IdentityType

Identifier = tuple[IdentityType, str]

_KEPT = re.compile(r"hash(?::[a-z_]{3,12}:[0-9A-HJKMNP-TV-Z]{26}){1,2}")
_EMAIL = re.compile(r"^[^@\s]{1,64}@[^@\s]+\.[^@\s]+$")
_GA_COOKIE = re.compile(r"GA\d\.[\d-]+\.(?=.)")
_GA_TYPES = frozenset({"ga_client_id", "ga_cid", "googleanalytics"})


# The events of a request mostly name the same visitor.
@lru_cache(maxsize=1_024)
def known_id(value: str) -> str:
    """The id, or "" when it is a spelling of none, which everybody shares who has none."""
    value = without_blanks(value)
    if not value or is_placeholder(value):
        return ""
    return "" if "@" in value and _EMAIL.match(value) and is_no_mailbox(value) else value


def google_client_id(value: str) -> str:
    """Google's client id, also of its whole cookie: `GA1.1.123.456` is `123.456`. "" for a spelling of none."""
    return known_id(_GA_COOKIE.sub("", value.strip(), count=1))


def kept_form(hashes: Mapping[IdentityType, str]) -> str:
    """What is kept in the place of an identifier that must not be: its keyed hashes, which name the same person."""
    return ":".join(("hash", *(part for named in hashes.items() for part in named)))


def is_kept_form(value: str) -> bool:
    return value.startswith("hash:") and _KEPT.fullmatch(value) is not None


def kept_hash(value: str, kind: IdentityType) -> str:
    """The hash of one type that stands in an identifier's place; "" for an identifier."""
    if not is_kept_form(value):
        return ""
    parts = value.split(":")[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True)).get(kind, "")


def more_identifiers(traits: object, external_ids: object) -> tuple[Identifier, ...]:
    """What a person's traits and Segment's `context.externalIds` name besides the user and the device."""
    if not traits and not external_ids:
        return ()
    found: list[Identifier] = []
    if isinstance(traits, Mapping):
        if email := email_address(traits.get("email")):
            found.append(("email", email))
        if phone := phone_number(traits.get("phone")):
            found.append(("phone", phone))
    if isinstance(external_ids, list):
        found += [identifier for entry in external_ids[:10] if (identifier := external_identifier(entry))]
    return tuple(dict.fromkeys(found))


def email_address(value: Any) -> str:
    """A mail address in lower case, or "" for what is none, or stands for none."""
    return _email_address(value) if isinstance(value, str) and len(value) <= MAX_ID else ""


# What is hidden of an event, its identifiers and its match keys each ask.
@lru_cache(maxsize=256)
def _email_address(value: str) -> str:
    text = value.strip().lower()
    if _EMAIL.match(text):
        return "" if is_no_mailbox(text) else text
    return value if is_kept_form(value) else ""


def phone_number(value: Any) -> str:
    """A phone number's digits behind a plus, or "" unless it is international (E.164: 8 to 15 digits)."""
    return _phone_number(value) if isinstance(value, str) and value else ""


@lru_cache(maxsize=256)
def _phone_number(value: str) -> str:
    if not value.strip().startswith(("+", "00")):
        return value if is_kept_form(value) else ""
    digits = "".join(character for character in value if character in "0123456789").removeprefix("00")
    # No country's code begins with a zero: such a number is one that was filled in for none.
    if not 8 <= len(digits) <= 15 or digits[0] == "0" or is_no_phone(digits):
        return ""
    return f"+{digits}"


def identifiers_of(text: str) -> tuple[Identifier, ...]:
    """What a text that people know of somebody may be, the surest first: a user id, a mail address, a phone number,
    another id as `kind:id`, or the id of a browser.
    """
    plain = known_id(text)
    may_be: tuple[Identifier, ...] = (
        ("user_id", plain),
        ("email", email_address(text)),
        ("phone", phone_number(text)),
        ("custom", plain if ":" in plain else ""),
        ("ga_cid", google_client_id(text)),
        ("anonymous_id", plain),
    )
    return tuple((kind, value) for kind, value in may_be if value)


def external_identifier(entry: Any) -> Identifier | None:
    if not isinstance(entry, Mapping):
        return None
    kind, value = entry.get("type"), entry.get("id")
    if not isinstance(kind, str) or not isinstance(value, str) or len(kind) > 50 or len(value) > MAX_ID:
        return None
    of_google = kind.lower() in _GA_TYPES
    value = google_client_id(value) if of_google else known_id(value)
    if not value:
        return None
    if of_google:
        return ("ga_cid", value)
    return ("custom", value if is_kept_form(value) else f"{kind}:{value}")
