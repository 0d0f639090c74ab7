"""Alert rules: what of a site somebody watches."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path
from optiq.alerts.rules import api as rules
from optiq.alerts.sweeping import api as sweeping
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import Cursor
from optiq.kernel.schemas import Limit, SiteId

from functions.alerts.app import app
from functions.alerts.schemas_rules import AlertRuleIn, AlertRuleOut, AlertRulePatch, AlertRulesOut, TriedRuleOut, given

_ALL = "/v1/sites/{site_id}/alert-rules"
_ONE = f"{_ALL}/{{rule_id}}"
_RuleId = Annotated[str, Path(max_length=60, description="id of the rule, as the list has it")]


@app.get(_ALL, needs="alerts:read", summary="A site's alert rules and how they stand, newest first")
def list_rules(site_id: SiteId, limit: Limit = 50, cursor: Cursor = None) -> AlertRulesOut:
    caller = caller_of(app)
    found = rules.list_rules(caller, site_id, limit=limit, cursor=cursor)
    watches = sweeping.states_of(caller.organization_id, site_id)
    return AlertRulesOut(
        items=[AlertRuleOut.of(one, watches.get(one.rule_id)) for one in found.items], cursor=found.cursor
    )


@app.post(_ALL, needs="alerts:write", summary="Create an alert rule", status_code=201)
def create_rule(site_id: SiteId, request: AlertRuleIn) -> tuple[AlertRuleOut, int]:
    return AlertRuleOut.of(rules.create_rule(caller_of(app), site_id, **given(request))), 201


@app.post(
    f"{_ALL}/dry-run",
    needs="alerts:read",
    heavy=True,
    keyless_because="it changes nothing",
    summary="What a rule would have done in the last 90 days",
)
def dry_run(site_id: SiteId, request: AlertRuleIn) -> TriedRuleOut:
    return TriedRuleOut.model_validate(sweeping.try_rule(caller_of(app), site_id, **given(request)))


@app.get(_ONE, needs="alerts:read", summary="One alert rule")
def get_rule(site_id: SiteId, rule_id: _RuleId) -> AlertRuleOut:
    caller = caller_of(app)
    rule = rules.get_rule(caller, site_id, rule_id)
    return AlertRuleOut.of(rule, sweeping.states_of(caller.organization_id, site_id).get(rule_id))


@app.patch(_ONE, needs="alerts:write", summary="Change an alert rule; its open alert ends")
def change_rule(site_id: SiteId, rule_id: _RuleId, request: AlertRulePatch) -> AlertRuleOut:
    changed = rules.change_rule(
        caller_of(app), site_id, rule_id, expected_version=request.version, **given(request, "version")
    )
    return AlertRuleOut.of(changed)


@app.delete(_ONE, needs="alerts:write", summary="Remove an alert rule; its open alert ends", status_code=204)
def remove_rule(site_id: SiteId, rule_id: _RuleId) -> None:
    rules.remove_rule(caller_of(app), site_id, rule_id)
