"""Scheduled mails over HTTP."""

from typing import Annotated, cast

from aws_lambda_powertools.event_handler.openapi.params import Path
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import Cursor
from optiq.kernel.schemas import Limit, SiteId
from optiq.sharing.mails import api as mails
from optiq.sharing.mails.contracts import MailScheduleChange

from functions.sharing.app import app
from functions.sharing.schemas_mails import (
    MailRunOut,
    MailRunsOut,
    MailScheduleIn,
    MailScheduleOut,
    MailSchedulePatch,
    MailSchedulesOut,
)

_SITE = "/v1/sites/{site_id}/scheduled-mails"
_SCHEDULE = f"{_SITE}/{{schedule_id}}"
_ScheduleId = Annotated[str, Path(max_length=60, description="id of the scheduled mail, as the list has it")]


@app.get(_SITE, needs="schedules:write", summary="A site's scheduled mails, newest first")
def list_schedules(site_id: SiteId, limit: Limit = 50, cursor: Cursor = None) -> MailSchedulesOut:
    page = mails.list_schedules(caller_of(app), site_id, limit=limit, cursor=cursor)
    return MailSchedulesOut(items=[MailScheduleOut.of(one) for one in page.items], cursor=page.cursor)


@app.post(_SITE, needs="schedules:write", summary="Schedule a dashboard or a view by mail", status_code=201)
def create_schedule(site_id: SiteId, request: MailScheduleIn) -> tuple[MailScheduleOut, int]:
    given = request.given() | {"recipients": tuple(request.recipients)}
    return MailScheduleOut.of(mails.create_schedule(caller_of(app), site_id, **given)), 201


@app.get(_SCHEDULE, needs="schedules:write", summary="One scheduled mail")
def get_schedule(site_id: SiteId, schedule_id: _ScheduleId) -> MailScheduleOut:
    return MailScheduleOut.of(mails.get_schedule(caller_of(app), site_id, schedule_id))


@app.patch(_SCHEDULE, needs="schedules:write", summary="Change a scheduled mail, or let it rest")
def change_schedule(site_id: SiteId, schedule_id: _ScheduleId, request: MailSchedulePatch) -> MailScheduleOut:
    changes = request.given("version")
    if "recipients" in changes:
        changes["recipients"] = tuple(request.recipients)
    changed = mails.change_schedule(
        caller_of(app), site_id, schedule_id, cast(MailScheduleChange, changes), expected_version=request.version
    )
    return MailScheduleOut.of(changed)


@app.delete(_SCHEDULE, needs="schedules:write", summary="Remove a scheduled mail", status_code=204)
def remove_schedule(site_id: SiteId, schedule_id: _ScheduleId) -> tuple[None, int]:
    mails.remove_schedule(caller_of(app), site_id, schedule_id)
    return None, 204


@app.get(f"{_SCHEDULE}/runs", needs="schedules:write", summary="What became of the latest periods")
def list_runs(site_id: SiteId, schedule_id: _ScheduleId) -> MailRunsOut:
    runs = mails.list_runs(caller_of(app), site_id, schedule_id)
    return MailRunsOut(runs=[MailRunOut.model_validate(one) for one in runs])
