"""Failed events, replayed: what can be read now goes on the stream again.

The entry of who asked for it stands in the organization's book before the first goes.
"""

from collections.abc import Sequence
from typing import Annotated

from optiq.audit import api as audit
from optiq.audit.contracts import Change, Fields
from optiq.collect import api as collect
from optiq.collect.contracts import Replay
from optiq.ingest import api as ingest
from optiq.ingest.contracts import FailedEvent
from optiq.kernel.caller import Caller
from optiq.tenancy.contracts import Site
from pydantic import BaseModel, Field

MAX_REPLAYED = 500
_TOGETHER = 50
_BY_NAME = "who was refused is replayed only by naming the failed event"
_GONE = "there is no such failed event, or no more"


class ReplayedEvent(BaseModel):
    """A failed event to replay; `body` is what to read instead of what was kept, in the form it came in."""

    failed_event_id: Annotated[str, Field(max_length=100)]
    body: str | None = None


class ReplayRequest(BaseModel):
    """Which failed events: those named, or all (from `cursor` on)."""

    events: Annotated[list[ReplayedEvent], Field(max_length=100)] = []
    cursor: str | None = None


class StillFailing(BaseModel):
    failed_event_id: str
    reason: str


class ReplayDocument(BaseModel):
    """What a replay came to; `failures` are the first 100 of those that still fail."""

    replayed: int
    still_failing: int
    failures: list[StillFailing]
    cursor: str | None = None


def replay_all(by: Caller, site: Site, cursor: str | None) -> ReplayDocument:
    """The newest failed events, MAX_REPLAYED at most. Raises InvalidError, UpstreamError."""
    _note(by, site, {"all": True, "cursor": cursor})
    reasons: dict[str, str] = {}
    while len(reasons) < MAX_REPLAYED:
        page = ingest.failed_events(site.organization_id, site.site_id, _TOGETHER, cursor)
        reasons |= {event.failed_event_id: f"{event.reason}; {_BY_NAME}" for event in page.items if event.refused}
        reasons |= _replay(site, [_replay_of(event, None) for event in page.items if not event.refused])
        cursor = page.cursor
        if cursor is None:
            break
    return _document(reasons, cursor)


def replay_named(by: Caller, site: Site, events: Sequence[ReplayedEvent]) -> ReplayDocument:
    """These failed events. Raises UpstreamError."""
    corrected = {event.failed_event_id: event.body for event in events}
    changed = [one for one, body in corrected.items() if body is not None]
    _note(by, site, {"named": list(corrected), "corrected": changed})
    found = ingest.find_failed(site.organization_id, site.site_id, list(corrected))
    reasons = dict.fromkeys(corrected, _GONE)
    reasons |= _replay(site, [_replay_of(found[one], body) for one, body in corrected.items() if one in found])
    return _document(reasons, None)


def _note(by: Caller, site: Site, said: Fields) -> None:
    asked = Change(site.organization_id, by.actor, "failed_events.replayed", site.site_id, {}, said, by.origin)
    audit.commit([], [asked])


def _replay(site: Site, replays: Sequence[Replay]) -> dict[str, str]:
    reasons = collect.replay(site.organization_id, site.site_id, replays)
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


def _document(reasons: dict[str, str], cursor: str | None) -> ReplayDocument:
    failures = [StillFailing(failed_event_id=one, reason=reason) for one, reason in reasons.items() if reason]
    return ReplayDocument(
        replayed=len(reasons) - len(failures), still_failing=len(failures), failures=failures[:100], cursor=cursor
    )
