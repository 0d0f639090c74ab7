"""Where senders say who a buyer is: in what they send as it came, before personal data of it is replaced.

What is found here is hashed and sealed at once (`capturing`) and goes nowhere else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from optiq.collect.contracts import Delivery
from optiq.kernel.click_ids import LONGEST_CLICK_ID

_LONGEST = 200
_LONGEST_COOKIE = LONGEST_CLICK_ID + 100
"""Meta's `_fbc` has a click id within it. A longer one is left out whole, for cut it would name another click."""
COOKIES = ("fbc", "fbp", "ttp")
_SPELLINGS: Mapping[str, Sequence[str]] = {
    "email": ("email", "sha256_email_address"),
    "phone": ("phone", "sha256_phone_number"),
    "given": ("first_name", "firstName", "given_name", "sha256_first_name"),
    "family": ("last_name", "lastName", "family_name", "sha256_last_name"),
    "city": ("city",),
    "region": ("state", "region", "province"),
    "postal": ("postal_code", "postalCode", "zip", "zip_code"),
    "country": ("country", "country_code", "countryCode"),
}
"""As the tracker's pages, Segment's traits and Google's `user_data` write them."""
_ALL_SPELLINGS = frozenset(spelling for spellings in _SPELLINGS.values() for spelling in spellings)
PLACES = frozenset({"city", "region", "postal", "country"})
"""Of traits, those that say where the buyer lives."""
_PLACES_OF_TRAITS = ("properties", "traits", "params")
_CONTACT = frozenset(spelling for name in ("email", "phone", "family") for spelling in _SPELLINGS[name])


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """What a sender says of a buyer, as it came; "" is what it does not. No log and no error shows it.

    Attributes:
        traits: by the names of `_SPELLINGS`, those that it says.
    """

    traits: Mapping[str, str] = field(default_factory=dict)
    external_id: str = ""
    fbc: str = ""
    fbp: str = ""
    ttp: str = ""
    ip: str = ""
    user_agent: str = ""


def names_somebody(sent: Mapping[str, Any]) -> bool:
    """Whether an event may name its visitor; most do not, and are not looked at any closer."""
    for place in _PLACES_OF_TRAITS:
        traits = sent.get(place)
        if traits and isinstance(traits, dict) and not _CONTACT.isdisjoint(traits):
            return True
    context = sent.get("context")
    traits = context.get("traits") if isinstance(context, dict) else None
    return isinstance(traits, dict) and not _CONTACT.isdisjoint(traits)


def of_tracker(sent: Mapping[str, Any], cookies: object, delivery: Delivery) -> Person:
    """An event of a beacon, whose `m` has the cookies of the page as texts such as `_fbp=fb.1.…`."""
    return Person(
        _traits([sent.get("properties")]),
        **_cookies(dict(_pairs(cookies))),
        external_id=_text(sent.get("user_id")),
        ip=delivery.visitor_ip,
        user_agent=delivery.user_agent,
    )


def of_segment(sent: Mapping[str, Any], shared: object) -> Person:
    """A message of Segment's API, with the context of its batch beneath its own. Its cookies are in the context."""
    context = {**_object(shared), **_object(sent.get("context"))}
    of_company = sent.get("type") == "group"
    said = [] if of_company else [sent.get("traits"), context.get("traits"), sent.get("properties")]
    return Person(
        _traits(said),
        **_cookies(context),
        external_id=_text(sent.get("userId")),
        ip=_text(context.get("ip")),
        user_agent=_text(context.get("userAgent"), 500),
    )


def of_measurement(sent: Mapping[str, Any], body: Mapping[str, Any]) -> Person:
    """An event of Google's Measurement Protocol; who it is of stands in the request's `user_data`, hashed already."""
    user_data = _object(body.get("user_data"))
    address = user_data.get("address")
    address = address[0] if isinstance(address, list) and address else address
    return Person(
        _traits([user_data, address, sent.get("params")]),
        external_id=_text(body.get("user_id")),
        ip=_text(body.get("ip_override")),
        user_agent=_text(body.get("user_agent"), 500),
    )


def _traits(said: Iterable[object]) -> dict[str, str]:
    """What each of some objects says, also in its `address`; the first that names something counts."""
    found: dict[str, str] = {}
    for one in said:
        traits = _object(one)
        for fields in (traits, _object(traits.get("address"))):
            # Most events name nobody.
            if not _ALL_SPELLINGS.isdisjoint(fields):
                found = _named(fields) | found
    return found


def _named(fields: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    for name, spellings in _SPELLINGS.items():
        for spelling in spellings:
            if spelling in fields and (text := _text(fields[spelling])):
                found[name] = text
                break
    return found


def _cookies(fields: Mapping[str, Any]) -> dict[str, str]:
    return {name: _whole(fields.get(name) or fields.get(f"_{name}")) for name in COOKIES}


def _pairs(cookies: object) -> Iterable[tuple[str, str]]:
    for one in cookies[:10] if isinstance(cookies, list) else ():
        name, equals, value = one.partition("=") if isinstance(one, str) else ("", "", "")
        if equals:
            yield name, value


def _whole(value: object) -> str:
    return value if isinstance(value, str) and len(value) <= _LONGEST_COOKIE else ""


def _text(value: object, most: int = _LONGEST) -> str:
    """A text, or a whole number as one; Google writes lists of one. What is too long for its field is none."""
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return value.strip() if isinstance(value, str) and len(value) <= most else ""


def _object(value: object) -> Mapping[str, Any]:
    # A class of Python itself: to ask for a Mapping takes ten times as long.
    return value if isinstance(value, dict) else {}
