"""Match keys as they are sealed: short names with one text each, from which each platform's form follows.

A hash that platforms share is kept once, and packed. The same values always make the same texts, so a digest of them
tells changes.
"""

import base64
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Literal

from pydantic_core import from_json, to_json

from optiq.collect.match_keys.contracts import GoogleKeys, MatchKeys, MetaKeys, TikTokKeys
from optiq.collect.match_keys.hashing import unpacked
from optiq.kernel import sealing
from optiq.kernel.errors import UpstreamError
from optiq.kernel.secrets import derive

Name = Literal[
    "email",
    "google_email",
    "phone",
    "meta_phone",
    "external_id",
    "given",
    "family",
    "city",
    "state",
    "postal",
    "country",
    "region_plain",
    "postal_plain",
    "country_plain",
    "fbc",
    "fbp",
    "ttp",
    "ip",
    "user_agent",
    "page_url",
]
"""`email` is Meta's and TikTok's hash, `google_email` Google's where it differs; `phone` is Google's and TikTok's."""
Captured = Mapping[Name, str]
CONTACT: frozenset[Name] = frozenset({"email", "google_email", "phone", "meta_phone", "family"})
"""What names a person on whatever device they buy."""
_PLAIN: frozenset[Name] = frozenset(
    {"region_plain", "postal_plain", "country_plain", "fbc", "fbp", "ttp", "ip", "user_agent", "page_url"}
)
"""What is no hash."""
_MOST_OF_A_KIND = 3
"""Mail addresses, phone numbers or ids of one buyer; Google takes ten identifiers of an event."""
_KIND = "match-keys"


def seal(organization_id: str, site_id: str, event_id: str, captured: Captured) -> str:
    """The keys of an event in base64: they open only as this event's, with the organization's key.

    Args:
        captured: hashes are packed.
    """
    place = _place(organization_id, site_id, event_id)
    return base64.b64encode(sealing.seal(to_json(captured), place, _KIND, organization_id)).decode()


def opened(organization_id: str, site_id: str, event_id: str, sealed: str) -> Captured:
    """Its hashes in hexadecimal digits. Raises UpstreamError for what was sealed for another place, or was changed."""
    # Imported late: who only seals does not pay for it.
    from cryptography.exceptions import InvalidTag

    try:
        content = sealing.unseal(
            base64.b64decode(sealed), _place(organization_id, site_id, event_id), _KIND, organization_id
        )
    except InvalidTag as error:
        raise UpstreamError("the match keys of an event do not open", retryable=False) from error
    packed: Captured = from_json(content)
    return {name: value if name in _PLAIN else unpacked(value) for name, value in packed.items()}


def digest_of(platform_secret: bytes, organization_id: str, captured: Captured) -> str:
    """Tells whether two events have the same keys, to nobody outside."""
    content = "\x1f".join(sorted(map("=".join, captured.items())))
    key = _digest_key(platform_secret, organization_id)
    return base64.b64encode(blake2b(content.encode(), key=key, digest_size=12).digest()).decode()


@lru_cache(maxsize=1_024)
def _digest_key(platform_secret: bytes, organization_id: str) -> bytes:
    return derive(platform_secret, "match-keys-digest", organization_id)


def keys_of(found: Sequence[Captured], taken_ms: int) -> MatchKeys:
    """The keys of one buyer, from what several events had; of two that differ, the earlier of the list counts."""
    browser = next((one for one in found if "user_agent" in one), {})
    emails, phones, ids = _each(found, "email"), _each(found, "phone"), _each(found, "external_id")
    return MatchKeys(
        google=GoogleKeys(
            emails=tuple(dict.fromkeys(one.get("google_email", one.get("email", "")) for one in found if _mail(one)))[
                :_MOST_OF_A_KIND
            ],
            phones=phones,
            given_name=_first(found, "given"),
            family_name=_first(found, "family"),
            region=_first(found, "region_plain"),
            postal_code=_first(found, "postal_plain"),
            country=_first(found, "country_plain"),
        ),
        meta=MetaKeys(
            em=emails,
            ph=_each(found, "meta_phone"),
            external_id=ids,
            fn=_first(found, "given"),
            ln=_first(found, "family"),
            ct=_first(found, "city"),
            st=_first(found, "state"),
            zp=_first(found, "postal"),
            country=_first(found, "country"),
            fbc=_first(found, "fbc"),
            fbp=_first(found, "fbp"),
        ),
        tiktok=TikTokKeys(email=emails, phone=phones, external_id=ids, ttp=_first(found, "ttp")),
        ip=browser.get("ip", ""),
        user_agent=browser.get("user_agent", ""),
        page_url=_first(found, "page_url"),
        taken_ms=taken_ms,
    )


def _mail(captured: Captured) -> bool:
    return "email" in captured or "google_email" in captured


def _each(found: Sequence[Captured], name: Name) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one[name] for one in found if name in one))[:_MOST_OF_A_KIND]


def _first(found: Sequence[Captured], name: Name) -> str:
    return next((one[name] for one in found if name in one), "")


def _place(organization_id: str, site_id: str, event_id: str) -> str:
    return f"{organization_id}|{site_id}|{event_id}"
