"""What marketers ask of touches: whose credit was kept, which channels they make, which values they have."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body, Query
from optiq.identity.people.api import caller_of
from optiq.journeys import api as journeys
from optiq.journeys.touch_contracts import DimensionKind
from optiq.kernel.api_resolver import Cursor, organization_of
from optiq.kernel.schemas import FromQuery, SiteId, ToQuery
from optiq.tenancy import api as tenancy

from functions.journeys.app import app
from functions.journeys.schemas_touches import (
    ChannelRulesIn,
    ChannelRulesOut,
    ChannelRulesPut,
    ChannelRulesVersionOut,
    CreditGuardOut,
    DimensionsOut,
    DryRunOut,
)


@app.get(
    "/v1/sites/{site_id}/credit-guard",
    needs="reports:read",
    heavy=True,
    summary="Returns that took nobody's credit",
)
def credit_guard(site_id: SiteId, from_day: FromQuery = None, to_day: ToQuery = None) -> CreditGuardOut:
    kept = journeys.credit_kept(organization_of(app), site_id, from_day or "", to_day or "")
    return CreditGuardOut.model_validate(kept)


@app.get("/v1/sites/{site_id}/channel-rules", needs="sites:read", summary="A site's own channel rules")
def channel_rules(site_id: SiteId) -> ChannelRulesOut:
    versions = tenancy.channel_rule_versions(caller_of(app), site_id)
    return ChannelRulesOut.model_validate({"current": versions[0], "versions": versions})


@app.put("/v1/sites/{site_id}/channel-rules", needs="sites:write", summary="Change a site's channel rules")
def set_channel_rules(site_id: SiteId, body: Annotated[ChannelRulesPut, Body()]) -> ChannelRulesVersionOut:
    wanted = body.channel_rules()
    rules = tenancy.set_channel_rules(caller_of(app), site_id, wanted, expected_version=body.version)
    return ChannelRulesVersionOut.model_validate(rules)


@app.post(
    "/v1/sites/{site_id}/channel-rules/dry-run",
    needs="sites:write",
    keyless_because="it changes nothing",
    heavy=True,
    summary="What other channel rules would change of the last 30 days",
)
def dry_run_channel_rules(site_id: SiteId, body: Annotated[ChannelRulesIn, Body()]) -> DryRunOut:
    found = journeys.dry_run_channel_rules(organization_of(app), site_id, body.channel_rules())
    return DryRunOut.model_validate(found)


@app.get(
    "/v1/sites/{site_id}/dimensions",
    needs="reports:read",
    heavy=True,
    summary="Landing pages, referrers and UTM values seen on a site",
)
def dimensions(
    site_id: SiteId,
    kind: Annotated[DimensionKind, Query(description="what to list the values of")],
    limit: Annotated[int, Query(ge=1, le=1000, description="the most items of a page")] = 100,
    cursor: Cursor = None,
) -> DimensionsOut:
    page = journeys.dimension_values(organization_of(app), site_id, kind, limit, cursor)
    return DimensionsOut.model_validate({"kind": kind, "items": page.items, "cursor": page.cursor})
