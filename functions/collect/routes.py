"""What became of the events that reached us: counts, and the failed ones."""

import base64
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query
from optiq.identity.people.api import caller_of
from optiq.ingest import api as ingest
from optiq.ingest.contracts import FailedEvent
from optiq.kernel.api_resolver import Cursor, make_resolver, organization_of
from optiq.kernel.clock import day_of, parse_day, parse_timezone, require_order, system_clock, to_rfc3339
from optiq.tenancy import api as tenancy
from pydantic import BaseModel, Field

from functions.collect.replay import ReplayDocument, ReplayRequest, replay_all, replay_named

app = make_resolver("collect")

_SiteId = Annotated[str, Path()]


class IngestCountsDocument(BaseModel):
    """Events by what became of them; accepted = stored + duplicates + failed, exactly.

    Of those stored, `left_out` counts the events that are in no report, by reason, and `warned` those of which a part
    could not be read. The list of events (`/events`) shows which they are. Of those that failed, `not_kept` counts the
    events that are only counted: there were too many at a time, and their senders showed no secret key.
    """

    accepted: int
    stored: int
    duplicates: int
    failed: int
    left_out: dict[str, int] = Field(examples=[{"BOT": 12, "OPTED_OUT": 3}])
    warned: int
    not_kept: int


class FailedEventDocument(BaseModel):
    """An event that could not be accepted; `body` is what was sent, `body_base64` when that is not UTF-8."""

    failed_event_id: str
    received_at: str
    source: str
    reason: str
    body: str | None = None
    body_base64: str | None = None


class FailedEventsDocument(BaseModel):
    items: list[FailedEventDocument]
    cursor: str | None


@app.get(
    "/v1/sites/{site_id}/ingest",
    needs="events:read",
    summary="Events received, by what became of them",
)
def ingest_counts(
    site_id: _SiteId,
    from_day: Annotated[str, Query(alias="from", description="first day; by default today")] = "",
    to_day: Annotated[str, Query(alias="to", description="last day, included; by default today")] = "",
) -> IngestCountsDocument:
    site = tenancy.get_site(organization_of(app), site_id)
    today = day_of(system_clock(), parse_timezone(site.timezone))
    last = parse_day(to_day) if to_day else today
    first = parse_day(from_day) if from_day else min(today, last)
    require_order(first, last)
    counts = ingest.counts(site.organization_id, site.site_id, first, last)
    return IngestCountsDocument(
        accepted=counts.accepted,
        stored=counts.stored,
        duplicates=counts.duplicates,
        failed=counts.failed,
        left_out=dict(sorted(counts.left_out.items())),
        warned=counts.warned,
        not_kept=counts.not_kept,
    )


@app.get(
    "/v1/sites/{site_id}/failed-events",
    needs="events:read",
    summary="Events that could not be accepted, and why",
)
def failed_events(
    site_id: _SiteId,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Cursor = None,
) -> FailedEventsDocument:
    site = tenancy.get_site(organization_of(app), site_id)
    page = ingest.failed_events(site.organization_id, site.site_id, limit, cursor)
    return FailedEventsDocument(items=[_document(event) for event in page.items], cursor=page.cursor)


@app.post(
    "/v1/sites/{site_id}/failed-events/replay",
    needs="events:write",
    summary="Read failed events again, as they were kept or with corrected bodies",
    description="Without a body the newest 500 are read again, and `cursor` says where to go on; what was refused for "
    "its sender's sake only when named. What can be read now is on the stream when this answers, and leaves the failed "
    "events as soon as it is taken in: `failed` falls by one, `stored` or `duplicates` rises by one, `accepted` stays. "
    "Replaying again never doubles an event.",
    status_code=202,
    response_description="How many were replayed, and why the others still fail",
)
def replay_failed_events(
    site_id: _SiteId, request: Annotated[ReplayRequest | None, Body()] = None
) -> tuple[ReplayDocument, int]:
    by = caller_of(app)
    site, asked = tenancy.get_site(by.organization_id, site_id), request or ReplayRequest()
    if asked.events:
        return replay_named(by, site, asked.events), 202
    return replay_all(by, site, asked.cursor), 202


def _document(event: FailedEvent) -> FailedEventDocument:
    document = FailedEventDocument(
        failed_event_id=event.failed_event_id,
        received_at=to_rfc3339(event.received_ms),
        source=event.source,
        reason=event.reason,
    )
    try:
        document.body = event.body.decode()
    except UnicodeDecodeError:
        document.body_base64 = base64.b64encode(event.body).decode()
    return document


handler = app
