"""What became of the events that reached us: counts, and the failed ones."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body, Query
from optiq.billing.usage import api as usage
from optiq.collect.ingest import api as ingest
from optiq.collect.replay import api as replay
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import Cursor, make_resolver
from optiq.kernel.clock import day_of, parse_day, parse_timezone, require_order, system_clock
from optiq.kernel.schemas import DayIn, Limit, OrNull, SiteId
from optiq.tenancy import api as tenancy

from functions.collect.schemas import FailedEventsOut, IngestCountsOut, ReplayIn, ReplayOut

app = make_resolver("collect")


@app.get(
    "/v1/sites/{site_id}/ingest",
    needs="events:read",
    summary="Events received, by what became of them",
)
def ingest_counts(
    site_id: SiteId,
    from_day: Annotated[DayIn | None, OrNull, Query(alias="from", description="first day; by default today")] = None,
    to_day: Annotated[
        DayIn | None, OrNull, Query(alias="to", description="last day, included; by default today")
    ] = None,
) -> IngestCountsOut:
    caller = caller_of(app)
    site = tenancy.get_site(caller.organization_id, site_id)
    today = day_of(system_clock(), parse_timezone(site.timezone))
    last = parse_day(to_day) if to_day else today
    first = parse_day(from_day) if from_day else min(today, last)
    require_order(first, last)
    return IngestCountsOut.model_validate(ingest.counts(caller, site_id, first=first, last=last))


@app.get(
    "/v1/sites/{site_id}/failed-events",
    needs="events:read",
    summary="Events that could not be accepted, and why",
)
def failed_events(site_id: SiteId, limit: Limit = 20, cursor: Cursor = None) -> FailedEventsOut:
    caller = caller_of(app)
    tenancy.get_site(caller.organization_id, site_id)
    return FailedEventsOut.model_validate(ingest.failed_events(caller, site_id, limit=limit, cursor=cursor))


@app.post(
    "/v1/sites/{site_id}/failed-events/replay",
    needs="events:write",
    summary="Read failed events again, as they were kept or with corrected bodies",
    description="Without a body the newest 500 are read again, and `cursor` says where to go on; what was refused for "
    "its sender's sake only when named. What can be read now is on the stream when this answers, and leaves the failed "
    "events as soon as it is taken in: `failed` falls by one, `stored` or `duplicates` rises by one, `accepted` stays. "
    "Replaying again never doubles an event. While the plan has no room for more events nothing is replayed (402).",
    status_code=202,
    response_description="How many were replayed, and why the others still fail",
)
def replay_failed_events(site_id: SiteId, request: Annotated[ReplayIn | None, Body()] = None) -> tuple[ReplayOut, int]:
    caller, asked = caller_of(app), request or ReplayIn()
    tenancy.get_site(caller.organization_id, site_id)
    usage.require_room(caller.organization_id)
    if not asked.events:
        return ReplayOut.model_validate(replay.replay_all(caller, site_id, cursor=asked.cursor)), 202
    corrected = {event.failed_event_id: event.body for event in asked.events}
    return ReplayOut.model_validate(replay.replay_named(caller, site_id, corrected)), 202


handler = app
