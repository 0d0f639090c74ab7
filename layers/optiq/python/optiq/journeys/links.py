"""Which identifiers are one person: links between customers, and which of them count.

Each customer stands for one identifier. An event that names several links them. Links are kept on both ends,
with the event that says so, and never moved or lost; who belongs together follows from the set of links, so the
order in which events arrive cannot matter, and cutting a link parts what it joined.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from hashlib import blake2b
from operator import attrgetter
from typing import Literal

from optiq.kernel.events import IdentityType

DEVICE_TYPES: frozenset[IdentityType] = frozenset({"anonymous_id", "ga_cid", "passing_id"})
PERSONAL_TYPES: frozenset[IdentityType] = frozenset({"user_id", "custom", "email", "phone"})
"""Two of one of these kinds are two buyers, as far as orders say."""
MAX_LINKS = 200
"""An identifier with more links than this is no person's own: the best are kept (`rank`)."""

LinkSource = Literal["login", "sdk", "order"]
ORDER: LinkSource = "order"
"""The source of a link that only orders suggest."""
MAX_ORDERS = 4
"""Of the orders that suggest a link, the earliest so many are known: where one takes it back, another may keep it."""
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
        since_ms, event_id: the earliest event that named both, of a server where one did. Of an `order` link, when both
            had reported the first order that suggests it; and when one had, with the order's key, so that ties depend
            on no identifier.
        cut: somebody said that this link joins two people.
        more: further orders that suggest it, as `since_ms, event_id`.
        from_server: a server's event named both, which outweighs what pages name.
    """

    other: str
    other_type: IdentityType
    source: LinkSource
    since_ms: int
    event_id: str
    cut: bool = False
    more: tuple[tuple[int, str], ...] = ()
    from_server: bool = False

    @property
    def orders(self) -> tuple[tuple[int, str], ...]:
        """The orders that suggest the link, the earliest first; none where an event named both ends."""
        return ((self.since_ms, self.event_id), *self.more) if self.source == ORDER else ()


def strength(identity_type: IdentityType) -> int:
    """Lower is stronger: the strongest identifier of a person names them."""
    return _STRENGTH.index(identity_type)


def confidence(one: IdentityType, other: IdentityType, source: str = "") -> float:
    """How sure we are, from 0 to 1, that two linked identifiers are one person's."""
    return min(_CONFIDENCE[one], _CONFIDENCE[other], _ORDER_CONFIDENCE if source == ORDER else 1.0)


def with_link(links: dict[str, Link], link: Link) -> dict[str, Link] | None:
    """The links with this one among them; None when it says nothing new. A cut link stays cut.

    Only the best MAX_LINKS are kept, whatever the order in which they come.
    """
    known = links.get(link.other)
    if known is not None and rank(link) >= rank(known):
        return None
    kept = {**links, link.other: replace(link, cut=known.cut if known else False)}
    if len(kept) > MAX_LINKS:
        latest = max(kept.values(), key=rank)
        del kept[latest.other]
        return None if latest.other == link.other else kept
    return kept


def order_key(number: str) -> str:
    """Names an order in the links that it suggests."""
    return blake2b(number.encode(), digest_size=8).hexdigest()


def with_order(
    links: dict[str, Link], other: str, other_type: IdentityType, times: tuple[int, int], key: str
) -> dict[str, Link] | None:
    """The links once an order suggests one; None when that says nothing new, for an event named both ends.

    `times`: when the order was first reported by one of the two, and by both.
    """
    known = links.get(other)
    first_ms, since_ms = times
    suggestion = since_ms, f"{first_ms:015d}.{key}"
    if known is None:
        return with_link(links, Link(other, other_type, ORDER, *suggestion))
    if known.source != ORDER:
        return None
    return _suggested(links, known, [suggestion, *(one for one in known.orders if not one[1].endswith(key))])


def without_order(links: dict[str, Link], other: str, key: str) -> dict[str, Link] | None:
    """The links once an order suggests one no more; None when it did not. A cut link stays, for it stays cut."""
    known = links.get(other)
    if known is None or known.cut:
        return None
    return _suggested(links, known, [one for one in known.orders if not one[1].endswith(key)])


def _suggested(links: dict[str, Link], known: Link, orders: list[tuple[int, str]]) -> dict[str, Link] | None:
    kept = tuple(sorted(orders)[:MAX_ORDERS])
    if kept == known.orders:
        return None
    if not kept:
        return {name: link for name, link in links.items() if name != known.other}
    (since_ms, event_id), *more = kept
    return {**links, known.other: replace(known, since_ms=since_ms, event_id=event_id, more=tuple(more))}


def rank(link: Link) -> tuple[bool, bool, int, str, str]:
    """Sorts the evidence for a link: a server's first, what orders suggest last, and of equally good the earliest."""
    return link.source == ORDER, not link.from_server, link.since_ms, link.event_id, link.other


_fields = attrgetter(*(field.name for field in fields(Link)))


def dump_links(links: Iterable[Link]) -> str:
    """Links as the table keeps them."""
    return json.dumps([_row(link) for link in links], separators=(",", ":"))


def _row(link: Link) -> tuple[object, ...]:
    """The fields of a link without those at its end that say nothing."""
    *row, more, from_server = _fields(link)
    return (*row, more, 1) if from_server else (*row, more) if more else tuple(row)


def load_links(text: str) -> list[Link]:
    return [_loaded(*row) for row in json.loads(text)]


def _loaded(
    other: str,
    other_type: IdentityType,
    source: LinkSource,
    since_ms: int,
    event_id: str,
    cut: bool,
    more: Iterable[tuple[int, str]] = (),
    from_server: bool = False,
) -> Link:
    orders = tuple((since, key) for since, key in more)
    return Link(other, other_type, source, since_ms, event_id, cut, orders, bool(from_server))


def counting(own_type: IdentityType, links: Iterable[Link]) -> dict[str, Link]:
    """The links that count from one end.

    A device is its first person's: of its links to users, to mail addresses and so on only the best of each kind
    counts, so that people who share it do not become one.
    """
    best_first = sorted((link for link in links if not link.cut), key=rank)
    if own_type in DEVICE_TYPES:
        by_type: dict[str, Link] = {}
        for link in best_first:
            by_type.setdefault(link.other_type, link)
        return {link.other: link for link in by_type.values()}
    return {link.other: link for link in best_first}
