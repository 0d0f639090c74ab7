"""A batch of the stream, from messages to histories, counts and failed events."""

import base64
from collections import defaultdict
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from optiq.billing.usage import api as usage
from optiq.collect.ingest import api as ingest
from optiq.collect.ingest.contracts import FailedEvent, IngestResult, Outcome, failed_event_id_of
from optiq.journeys import metering
from optiq.journeys.contracts import StreamMessage
from optiq.journeys.metering import Taken
from optiq.journeys.publishing import publish
from optiq.journeys.recording import record
from optiq.kernel.clock import MINUTE_MS, day_of, system_clock
from optiq.kernel.events import EventAccepted, EventRejected, decode
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import Site

_CONFLICT = "the event id was used before for another event"
_UTC = ZoneInfo("UTC")
_UNKNOWN_SITE = "the site does not exist"
_NOT_ACTIVE = {"PAUSED": "the site is paused", "ARCHIVED": "the site is archived"}
_ENDING = "the site is being deleted: cancel the deletion, then replay the event"


def take_in(messages: Sequence[StreamMessage], *, held: bool = False) -> None:
    """Takes one shard's batch, in its order. Counts come last, so that a crash leaves them to the replay.

    Usage is counted before the outcomes: those settle failed events, and usage counts only replays that settle one.

    Args:
        held: the messages were held, and there is room for them now.

    Raises:
        UpstreamError: the batch must be delivered again.
    """
    groups = [(_site(*key), of_site) for key, of_site in _by_site(messages)]
    known = [(site, of_site) for site, of_site in groups if site is not None]
    aside = metering.Aside() if held else metering.decide([one for one in known if _refusal(one[0]) is None])
    for site, of_site in groups:
        if site is None:
            _take_in_unclaimed(of_site)
    taken = [Taken(site, of_site, *_take_in_site(site, of_site, aside.sequences), held) for site, of_site in known]
    metering.count(taken)
    metering.keep(aside)
    for one in taken:
        count(one)


def take_in_held(stop: Callable[[], bool]) -> int:
    """Takes in what was held and has room now, a batch after another, and removes each; returns how many events."""
    taken = 0
    for batch in usage.held_batches():
        contents = [(one.sequence, decode(one.body)) for one in batch.events]
        messages = [
            StreamMessage(batch.shard, sequence, content, batch.at_ms)
            for sequence, content in contents
            if isinstance(content, EventAccepted)
        ]
        take_in(messages, held=True)
        usage.end(batch, system_clock())
        taken += len(messages)
        if stop():
            break
    return taken


def _site(organization_id: str, site_id: str) -> Site | None:
    return tenancy.site_if_any(organization_id, site_id) if site_id else None


def _refusal(site: Site) -> str | None:
    """Why a site takes nothing in; None for one that does."""
    return _ENDING if site.deletion_due_ms is not None else _NOT_ACTIVE.get(site.status)


def _by_site(messages: Sequence[StreamMessage]) -> Iterator[tuple[tuple[str, str], list[StreamMessage]]]:
    groups: dict[tuple[str, str], list[StreamMessage]] = defaultdict(list)
    for message in messages:
        groups[message.content.organization_id, message.content.site_id].append(message)
    yield from groups.items()


def _take_in_site(
    site: Site, messages: Sequence[StreamMessage], held: Container[int]
) -> tuple[dict[int, IngestResult], Mapping[str, str]]:
    """What became of each message, by its sequence number; and why reports leave events out, by receipt."""
    refusal = _refusal(site)
    events = [
        m.content for m in messages if isinstance(m.content, EventAccepted) and not refusal and m.sequence not in held
    ]
    recorded = record(site, events)
    publish(site, recorded)
    results: dict[int, IngestResult] = {}
    failed: list[FailedEvent] = []
    settled: set[str] = set()
    for message in messages:
        content = message.content
        if isinstance(content, EventRejected):
            failed.append(_rejected(content, site))
            results[message.sequence] = "FAILED"
            continue
        if message.sequence in held and not refusal:
            results[message.sequence] = "HELD"
            continue
        result = recorded.results[content.receipt] if not refusal else "CONFLICT"
        if result == "CONFLICT":
            failed += _refused(content, refusal, settled)
        else:
            settled.add(content.replay_of)
        results[message.sequence] = "FAILED" if result == "CONFLICT" else result
    ingest.keep_failed(failed)
    return results, recorded.left_out


def count(taken: Taken) -> None:
    site, messages, results, left_out = taken.site, taken.messages, taken.results, taken.left_out
    timezone = ZoneInfo(site.timezone)
    # Days begin on a quarter of an hour in every timezone, so one look at the calendar serves a quarter.
    days: dict[int, date] = {}
    groups: dict[tuple[date, str], list[Outcome]] = defaultdict(list)
    for message in messages:
        content = message.content
        received_ms = content.received_ms
        quarter = received_ms // (15 * MINUTE_MS)
        day = days.get(quarter) or days.setdefault(quarter, day_of(received_ms, timezone))
        groups[day, message.shard].append(
            Outcome(
                sequence=message.sequence,
                result=results[message.sequence],
                received_ms=received_ms,
                token_id=content.token_id,
                replay_of=_replay_of(content),
                left_out=left_out.get(content.receipt, ""),
                warned=isinstance(content, EventAccepted) and bool(content.warnings),
                not_kept=_not_kept(content),
                was_held=taken.held,
            )
        )
    for (day, shard), outcomes in groups.items():
        ingest.count(site.organization_id, site.site_id, day, shard, outcomes)


def _replay_of(content: EventAccepted | EventRejected) -> str:
    return content.replay_of if isinstance(content, EventAccepted) else ""


def _refused(event: EventAccepted, refusal: str | None, settled: set[str]) -> list[FailedEvent]:
    """A replay that is refused leaves its failed event as it was but for the reason, unless that is `settled`.

    `refusal` is why the site takes nothing in; without one, the event's id was used before.
    """
    why = refusal or _CONFLICT
    site = (event.organization_id, event.site_id)
    replays = event.replay_of and event.replay_of not in settled
    if replays and ingest.still_failed(*site, event.replay_of, f"{why}: {event.event_id}"):
        return []
    return [_failed(event, why, claimed=True, source="held" if refusal else "stream")]


def _take_in_unclaimed(messages: Sequence[StreamMessage]) -> None:
    contents = [(message, message.content) for message in messages]
    ingest.keep_failed(
        [
            _rejected(content, None)
            if isinstance(content, EventRejected)
            else _failed(content, _UNKNOWN_SITE, claimed=False)
            for _, content in contents
        ]
    )
    groups: dict[tuple[date, str], list[Outcome]] = defaultdict(list)
    for message, content in contents:
        outcome = Outcome(message.sequence, "FAILED", content.received_ms, not_kept=_not_kept(content))
        groups[day_of(content.received_ms, _UTC), message.shard].append(outcome)
    for (day, shard), outcomes in groups.items():
        ingest.count("", "", day, shard, outcomes)


def _not_kept(content: EventAccepted | EventRejected) -> int:
    return content.not_kept if isinstance(content, EventRejected) else 0


def _rejected(rejected: EventRejected, site: Site | None) -> FailedEvent:
    return FailedEvent(
        organization_id=site.organization_id if site else "",
        site_id=site.site_id if site else "",
        failed_event_id=failed_event_id_of(rejected.received_ms, rejected.receipt),
        received_ms=rejected.received_ms,
        source=rejected.source,
        reason=rejected.reason,
        # Where there is no site nobody may see it: the site may be deleted, and people's data with it.
        body=base64.b64decode(rejected.body) if site else b"",
        user_agent=rejected.user_agent if site else "",
        refused=rejected.refused,
    )


def _failed(event: EventAccepted, reason: str, *, claimed: bool, source: str = "stream") -> FailedEvent:
    return FailedEvent(
        organization_id=event.organization_id if claimed else "",
        site_id=event.site_id if claimed else "",
        failed_event_id=failed_event_id_of(event.received_ms, event.receipt),
        received_ms=event.received_ms,
        source=source,
        reason=f"{reason}: {event.event_id}" if claimed else reason,
        body=event.model_dump_json().encode() if claimed else b"",
    )
