"""Ids of events of people who were erased: they say nothing of the event, but which ids of ours were made from it.

A tracker's event id begins with its visitor's id, so it goes. Touches, visits and conversions keep their ids: what is
credited refers to them.
"""

from hashlib import blake2b
from typing import Literal

from optiq.kernel.events import ERASED_EVENT
from optiq.kernel.ids import id_in_order

Kind = Literal["touch", "conversion", "session"]
_PLACES: dict[Kind, int] = {"touch": 2, "conversion": 3, "session": 4}


def kept_id(event_id: str, kind: Kind) -> str:
    """The id of a kind that was made from an event; "" for the event of somebody who was not erased."""
    if not event_id.startswith(ERASED_EVENT):
        return ""
    return f"{kind}_{event_id.split(':')[_PLACES[kind]]}"


def erased_event_id(event_id: str, instant: tuple[int, int, int], site_id: str, salt: str) -> str:
    """`instant`: when it happened, its delay, and its place among the events of its request."""
    if event_id.startswith(ERASED_EVENT):
        return event_id
    made = (
        id_in_order("touch", *instant, site_id, event_id),
        id_in_order("conversion", *instant, site_id, event_id),
        id_in_order("session", *instant, site_id, event_id),
    )
    return ":".join((plain_event_id(event_id, salt), *(one.rpartition("_")[2] for one in made)))


def plain_event_id(event_id: str, salt: str) -> str:
    """The same without those ids, for rows that nothing is made from."""
    if event_id.startswith(ERASED_EVENT):
        return event_id
    return (
        f"{ERASED_EVENT}{blake2b(event_id.encode(), key=blake2b(salt.encode()).digest(), digest_size=12).hexdigest()}"
    )
