"""How each advertising platform wants what it recognises a buyer by: normalised by its own rules, then SHA-256.

Google: https://developers.google.com/data-manager/api/devguides/concepts/data-formats
Meta: https://developers.facebook.com/docs/marketing-api/conversions-api/parameters/customer-information-parameters
TikTok: https://business-api.tiktok.com/portal/docs?id=1771100865818625

What arrives as a SHA-256 already (64 hexadecimal digits) is not hashed again.
"""

import binascii
import hashlib
import re

_HASHED_LENGTH = 64
HASHED = re.compile(r"[0-9a-f]{64}")
_OF_GOOGLE = frozenset({"gmail.com", "googlemail.com"})
_NOT_OF_PLACES = re.compile(r"[0-9.\s\-()]")
_NOT_LETTERS = re.compile(r"[^a-z]")


def sha256(text: str) -> str:
    """In hexadecimal; "" of nothing."""
    return hashlib.sha256(text.encode()).hexdigest() if text else ""


def packed(text: str) -> str:
    """As `sha256`, in a third less than its hexadecimal digits."""
    return _packed(hashlib.sha256(text.encode()).digest()) if text else ""


def packed_hash(text: str) -> str:
    """A text that is a SHA-256 already, packed; "" for any other."""
    hashed = hashed_already(text)
    return _packed(bytes.fromhex(hashed)) if hashed else ""


def unpacked(text: str) -> str:
    return binascii.a2b_base64(f"{text}=").hex()


def _packed(digest: bytes) -> str:
    # 32 bytes end with one sign that says nothing.
    return binascii.b2a_base64(digest, newline=False)[:-1].decode()


def hashed_already(text: str) -> str:
    """A text that is a SHA-256 already, in small letters; "" for any other."""
    # Most texts are none, and shorter.
    if len(text) < _HASHED_LENGTH:
        return ""
    text = text.strip().lower()
    return text if HASHED.fullmatch(text) else ""


def google_email(email: str) -> str:
    """Dots before the @ mean nothing at gmail.com and googlemail.com, and only there; what follows a plus stays."""
    local, at, domain = email.strip().lower().partition("@")
    return f"{local.replace('.', '')}{at}{domain}" if domain in _OF_GOOGLE else f"{local}{at}{domain}"


def plain_email(email: str) -> str:
    """Meta's and TikTok's rule."""
    return email.strip().lower()


def meta_phone(number: str) -> str:
    """Of an E.164 number with its plus: the digits alone, which begin with the country."""
    return number.lstrip("+0")


def name(text: str) -> str:
    """A given or a family name, by Google's rule and by Meta's."""
    return text.strip().lower()


def meta_place(text: str) -> str:
    """A city or a state: without digits, blanks, dots, hyphens and brackets."""
    return _NOT_OF_PLACES.sub("", text.lower())


def meta_postal_code(text: str) -> str:
    """Without blanks; of a US code with nine digits the first five."""
    return "".join(text.lower().split()).partition("-")[0]


def country(text: str) -> str:
    """The two letters of ISO 3166-1, small; "" for any other text."""
    letters = _NOT_LETTERS.sub("", text.strip().lower())
    return letters if len(letters) == 2 else ""


def fbc_of(clicked_ms: int, fbclid: str) -> str:
    """Meta's `fbc` of a click, where the page has no such cookie: the instant is the click's, the id as it came."""
    return f"fb.1.{clicked_ms}.{fbclid}" if fbclid else ""
