"""Reading the numbers of advertising accounts, and what is known of their days."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from optiq.ads.sync import api as sync
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import Cursor
from optiq.kernel.schemas import DayIn, Limit

from functions.ads.app import ACCOUNT, AdPlatform, ExternalId, app
from functions.ads.schemas_syncs import (
    AccountDaysOut,
    AdSyncIn,
    AdSyncOut,
    AdSyncsOut,
)

_ALL = "/v1/ad-syncs"
_ONE = f"{_ALL}/{{sync_id}}"
_SyncId = Annotated[str, Path(description="id of the sync, such as that of `GET /v1/ad-syncs`")]
_From = Annotated[DayIn, Query(alias="from", description="first day of the account, such as 2026-01-01")]
_To = Annotated[DayIn, Query(alias="to", description="last day, included")]


@app.get(_ALL, needs="ads:read", summary="Syncs of advertising accounts, the latest due first")
def list_syncs(limit: Limit = 50, cursor: Cursor = None) -> AdSyncsOut:
    return AdSyncsOut.model_validate(sync.list_syncs(caller_of(app), limit=limit, cursor=cursor))


@app.post(_ALL, needs="ads:write", summary="Read an advertising account now", status_code=202)
def start_sync(request: AdSyncIn) -> tuple[AdSyncOut, int]:
    return AdSyncOut.model_validate(sync.start_sync(caller_of(app), **request.given())), 202


@app.post(f"{_ONE}/cancel", needs="ads:write", summary="Cancel a sync; it ends after the step that runs")
def cancel_sync(sync_id: _SyncId) -> AdSyncOut:
    return AdSyncOut.model_validate(sync.cancel_sync(caller_of(app), sync_id))


@app.get(
    f"{ACCOUNT}/days",
    needs="ads:read",
    heavy=True,
    summary="Which days of an account were read, and what the platform changed of them afterwards",
)
def account_days(platform: AdPlatform, external_id: ExternalId, from_day: _From, to_day: _To) -> AccountDaysOut:
    found = sync.account_days(caller_of(app), platform, external_id, from_day, to_day)
    return AccountDaysOut.model_validate(found)
