"""Which identifiers are one person: links between customers, and which of them count.

Each customer stands for one identifier. An event that names several links them. Links are kept on both ends,
with the event that says so, and never moved or lost; who belongs together follows from the set of links, so the
order in which events arrive cannot matter, and cutting a link parts what it joined.
"""

import json
from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace
from typing import Literal

from optiq.kernel.events import IdentityType

DEVICE_TYPES: frozenset[IdentityType] = frozenset({"anonymous_id", "ga_cid", "passing_id"})
MAX_LINKS = 200
"""An identifier with more links than this is no person's own: the earliest are kept."""

LinkSource = Literal["login", "sdk", "order"]
ORDER: LinkSource = "order"
"""The source of a link that only an order suggests."""
_ORDER_CONFIDENCE = 0.75

_STRENGTH: tuple[IdentityType, ...] = ("user_id", "custom", "email", "phone", "ga_cid", "anonymous_id", "passing_id")
_CONFIDENCE: dict[IdentityType, float] = {
    # How sure we are that the weaker of two linked identifiers is the same person's: a login names the person, a
    # mailbox may be shared, and Google's client id survives on a device that changes hands. A passing id may be
    # several people's; nothing is linked to it.
    "user_id": 1.0,
    "custom": 1.0,
    "anonymous_id": 1.0,
    "email": 0.95,
    "phone": 0.9,
    "ga_cid": 0.8,
    "passing_id": 0.0,
}


@dataclass(frozen=True, slots=True)
class Link:
    """One end's knowledge of a link.

    Attributes:
        other, other_type: the customer at the other end, and what identifies it.
        source: `login` when an identify call said so, `sdk` when another event named both, `order` when both reported
            one order at the same price. What named both outweighs what an order suggests.
        since_ms, event_id: the earliest event that named both.
        cut: somebody said that this link joins two people.
    """

    other: str
    other_type: IdentityType
    source: LinkSource
    since_ms: int
    event_id: str
    cut: bool = False


def strength(identity_type: IdentityType) -> int:
    """Lower is stronger: the strongest identifier of a person names them."""
    return _STRENGTH.index(identity_type)


def confidence(one: IdentityType, other: IdentityType, source: str = "") -> float:
    """How sure we are, from 0 to 1, that two linked identifiers are one person's."""
    return min(_CONFIDENCE[one], _CONFIDENCE[other], _ORDER_CONFIDENCE if source == ORDER else 1.0)


def with_link(links: dict[str, Link], link: Link) -> dict[str, Link] | None:
    """The links with this one among them; None when it says nothing new. A cut link stays cut.

    Only the earliest MAX_LINKS are kept, whatever the order in which they come.
    """
    known = links.get(link.other)
    if known is not None and _rank(link) >= _rank(known):
        return None
    kept = {**links, link.other: replace(link, cut=known.cut if known else False)}
    if len(kept) > MAX_LINKS:
        latest = max(kept.values(), key=_rank)
        del kept[latest.other]
        return None if latest.other == link.other else kept
    return kept


def _rank(link: Link) -> tuple[bool, int, str, str]:
    """Sorts the evidence for a link: the best first, and of equally good the earliest."""
    return link.source == ORDER, link.since_ms, link.event_id, link.other


def dump_links(links: Iterable[Link]) -> str:
    """Links as the table keeps them."""
    return json.dumps([astuple(link) for link in links], separators=(",", ":"))


def load_links(text: str) -> list[Link]:
    return [Link(*fields) for fields in json.loads(text)]


def counting(own_type: IdentityType, links: Iterable[Link]) -> dict[str, Link]:
    """The links that count from one end.

    A device is its first person's: of its links to users, to mail addresses and so on only the first of each kind
    counts, so that people who share it do not become one.
    """
    earliest_first = sorted((link for link in links if not link.cut), key=_rank)
    if own_type in DEVICE_TYPES:
        by_type: dict[str, Link] = {}
        for link in earliest_first:
            by_type.setdefault(link.other_type, link)
        return {link.other: link for link in by_type.values()}
    return {link.other: link for link in earliest_first}


def displaced(own_type: IdentityType, links: Iterable[Link]) -> list[Link]:
    """Of each kind of links of which one counts, the second: it counted before the first was known."""
    if own_type not in DEVICE_TYPES:
        return []
    by_type: dict[str, list[Link]] = {}
    for link in sorted((link for link in links if not link.cut), key=_rank):
        by_type.setdefault(link.other_type, []).append(link)
    return [of_type[1] for of_type in by_type.values() if len(of_type) > 1]
