"""Campaigns, groups and ads of advertising accounts."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query
from optiq.ads.entities import api as entities
from optiq.ads.entities.contracts import EntityLevel
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import Cursor
from optiq.kernel.schemas import Limit

from functions.ads.app import ACCOUNT, AdPlatform, ExternalId, app
from functions.ads.schemas_entities import AdEntitiesOut

_Level = Annotated[EntityLevel, Query(description="what to list: CAMPAIGN, GROUP or AD")]
_Campaign = Annotated[str, Query(max_length=60, description="only what is below this campaign")]


@app.get(
    f"{ACCOUNT}/entities",
    needs="ads:read",
    summary="An account's campaigns, groups or ads, by id",
)
def list_entities(
    platform: AdPlatform,
    external_id: ExternalId,
    level: _Level = "CAMPAIGN",
    campaign_id: _Campaign = "",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> AdEntitiesOut:
    found = entities.list_entities(
        caller_of(app), platform, external_id, level, campaign_id=campaign_id, limit=limit, cursor=cursor
    )
    return AdEntitiesOut.model_validate(found)
