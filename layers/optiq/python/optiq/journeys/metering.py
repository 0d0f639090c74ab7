"""What a batch of events adds to its organizations' usage: which are held for want of room, and which count."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from optiq.billing.usage import api as usage
from optiq.billing.usage.contracts import Decision, StoredEvent
from optiq.collect.ingest import api as ingest
from optiq.collect.ingest.contracts import IngestResult
from optiq.journeys.contracts import StreamMessage
from optiq.kernel.events import EventAccepted
from optiq.tenancy.contracts import Site

_Of = tuple[str, str]
"""An organization and a shard of the stream."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of each message of a site, by its sequence number; why reports leave events out, by receipt.

    Attributes:
        held: they were held, and are taken in now.
    """

    site: Site
    messages: Sequence[StreamMessage]
    results: dict[int, IngestResult]
    left_out: Mapping[str, str]
    held: bool = False


@dataclass(frozen=True, slots=True)
class Aside:
    """What of a batch is held."""

    decisions: Mapping[_Of, Decision] = field(default_factory=dict)

    @property
    def sequences(self) -> set[int]:
        return {sequence for decision in self.decisions.values() for sequence in decision.held}


def decide(groups: Sequence[tuple[Site, Sequence[StreamMessage]]]) -> Aside:
    """Which messages of active sites are held. What people replay is not: it came before, and is little.

    Raises:
        UpstreamError: the batch must be delivered again.
    """
    asked: dict[_Of, list[tuple[int, EventAccepted]]] = defaultdict(list)
    for site, messages in groups:
        for one in messages:
            if isinstance(one.content, EventAccepted) and not one.content.replay_of:
                asked[site.organization_id, one.shard].append((one.sequence, one.content))
    return Aside({of: decision for of, found in asked.items() if (decision := usage.decide(*of, found)).held})


def keep(aside: Aside) -> None:
    """Holds what was decided to be held, once what came before it is counted. Raises UpstreamError."""
    for of, decision in aside.decisions.items():
        usage.keep(*of, decision)


def count(taken: Sequence[Taken]) -> None:
    """Counts the stored events of each organization. Duplicates and failed events are free, and so is another replay of
    an event that one has brought already.

    What another consumer held before is held: it is noted so in the results.
    """
    stored: dict[_Of, list[StoredEvent]] = defaultdict(list)
    for one in taken:
        for message, event, at_ms in _paid(one):
            # Replays pass while others are held, so the last number that counted says nothing of those.
            shard = f"replayed:{message.shard}" if event.replay_of else message.shard
            found = StoredEvent(message.sequence, one.site.site_id, at_ms, event.token_id)
            stored[one.site.organization_id, shard].append(found)
    for of, events in stored.items():
        held = usage.count(*of, events)
        for one in taken if held else ():
            one.results.update((sequence, "HELD") for sequence in held & one.results.keys())


def _paid(taken: Taken) -> list[tuple[StreamMessage, EventAccepted, int]]:
    """The stored events of a site that count, each with the instant that it counts at."""
    kept = [
        (message, message.content)
        for message in taken.messages
        if isinstance(message.content, EventAccepted) and taken.results[message.sequence] == "STORED"
    ]
    site, found = taken.site, []
    waiting = ingest.still_waiting(site.organization_id, site.site_id, [event.replay_of for _, event in kept])
    for message, event in kept:
        if event.replay_of and event.replay_of not in waiting:
            continue
        waiting.discard(event.replay_of)
        # What came long before may be of a month that is paid.
        late = taken.held or event.replay_of
        found.append((message, event, message.arrived_ms if late else event.received_ms))
    return found
