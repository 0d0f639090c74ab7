"""Failed events, replayed: what can be read now goes on the stream again.

The audit entry of the caller is written before the first event goes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from optiq.audit import api as audit
from optiq.audit.contracts import Change, Fields
from optiq.collect import api as collect
from optiq.collect.contracts import Replay
from optiq.collect.ingest import api as ingest
from optiq.collect.ingest.contracts import FailedEvent
from optiq.kernel.caller import Caller

MAX_REPLAYED = 500
_TOGETHER = 50
_MOST_FAILURES = 100
_BY_NAME = "who was refused is replayed only by naming the failed event"
_GONE = "there is no such failed event, or no more"


@dataclass(frozen=True, slots=True)
class StillFailing:
    """A failed event that cannot be read yet, and why."""

    failed_event_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many were replayed, and how many still fail; `failures` are the first 100 of those."""

    replayed: int
    still_failing: int
    failures: tuple[StillFailing, ...]
    cursor: str | None = None


def replay_all(caller: Caller, site_id: str, *, cursor: str | None = None) -> Replayed:
    """Replays the newest failed events of a site, MAX_REPLAYED at most.

    Raises:
        InvalidError: a cursor of another list. UpstreamError: try again.
    """
    _note(caller, site_id, {"all": True, "cursor": cursor})
    reasons: dict[str, str] = {}
    while len(reasons) < MAX_REPLAYED:
        page = ingest.failed_events(caller, site_id, limit=_TOGETHER, cursor=cursor)
        reasons |= {event.failed_event_id: f"{event.reason}; {_BY_NAME}" for event in page.items if event.refused}
        reasons |= _replay(caller, site_id, [_replay_of(event, None) for event in page.items if not event.refused])
        cursor = page.cursor
        if cursor is None:
            break
    return _outcome(reasons, cursor)


def replay_named(caller: Caller, site_id: str, corrected: Mapping[str, str | None]) -> Replayed:
    """Replays these failed events of a site.

    Args:
        corrected: by id, the body to read instead of what was kept, or None.

    Raises:
        UpstreamError: try again.
    """
    changed = [one for one, body in corrected.items() if body is not None]
    _note(caller, site_id, {"named": list(corrected), "corrected": changed})
    found = ingest.find_failed(caller, site_id, list(corrected))
    reasons = dict.fromkeys(corrected, _GONE)
    known = [_replay_of(found[one], body) for one, body in corrected.items() if one in found]
    return _outcome(reasons | _replay(caller, site_id, known), None)


def _note(caller: Caller, site_id: str, values: Fields) -> None:
    action = "failed_events.replayed"
    audit.commit([], [Change(caller.organization_id, caller.actor, action, site_id, {}, values, caller.origin)])


def _replay(caller: Caller, site_id: str, replays: Sequence[Replay]) -> dict[str, str]:
    reasons = collect.replay(caller, site_id, replays)
    return {one.failed_event_id: reason for one, reason in zip(replays, reasons, strict=True)}


def _replay_of(event: FailedEvent, corrected: str | None) -> Replay:
    return Replay(
        failed_event_id=event.failed_event_id,
        source=event.source,
        body=event.body,
        user_agent=event.user_agent,
        received_ms=event.received_ms,
        corrected=None if corrected is None else corrected.encode(),
    )


def _outcome(reasons: Mapping[str, str], cursor: str | None) -> Replayed:
    failures = [StillFailing(one, reason) for one, reason in reasons.items() if reason]
    return Replayed(len(reasons) - len(failures), len(failures), tuple(failures[:_MOST_FAILURES]), cursor)
