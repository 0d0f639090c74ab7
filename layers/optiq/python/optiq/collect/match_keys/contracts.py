"""What advertising platforms recognise a buyer by, in the form that each of them takes.

Hashes are SHA-256 in hex, by each platform's own rules (`hashing`). "" and () mean: not known. The text of an object
has none of it, so no log and no error has.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class GoogleKeys:
    """Google's Data Manager API. Region, postal code and country are plain, the rest is hashed."""

    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    given_name: str = ""
    family_name: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class MetaKeys:
    """Meta's Conversions API, by its names; `fbc` and `fbp` are the cookies byte for byte, the rest is hashed."""

    em: tuple[str, ...] = ()
    ph: tuple[str, ...] = ()
    external_id: tuple[str, ...] = ()
    fn: str = ""
    ln: str = ""
    ct: str = ""
    st: str = ""
    zp: str = ""
    country: str = ""
    fbc: str = ""
    fbp: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class TikTokKeys:
    """TikTok's Events API. `ttp` is the cookie byte for byte, the rest is hashed."""

    email: tuple[str, ...] = ()
    phone: tuple[str, ...] = ()
    external_id: tuple[str, ...] = ()
    ttp: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class MatchKeys:
    """Of one buyer.

    Attributes:
        ip, user_agent: of the browser, plain; "" where only a server told of the conversion.
        page_url: where it happened, without personal data.
        taken_ms: when the latest of them reached us.
    """

    google: GoogleKeys = GoogleKeys()
    meta: MetaKeys = MetaKeys()
    tiktok: TikTokKeys = TikTokKeys()
    ip: str = ""
    user_agent: str = ""
    page_url: str = ""
    taken_ms: int = 0
