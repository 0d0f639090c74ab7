"""The rules of a site, written by people; those of settings from before there were rules are taken over."""

from dataclasses import replace
from functools import partial
from typing import Any, Unpack

from optiq.alerts import keys
from optiq.alerts.contracts import AlertRule, AlertSettings
from optiq.alerts.rules.checking import checked_rule
from optiq.alerts.rules.contracts import Kind, Rule, RuleChange
from optiq.alerts.stores import SETTINGS, settings_of
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import InvalidError
from optiq.kernel.ids import id_from, new_id
from optiq.kernel.paging import Page
from optiq.store.api import Store
from optiq.tenancy import api as tenancy

__all__ = ["MOST_RULES", "RULES", "change_rule", "create_rule", "get_rule", "list_rules", "remove_rule", "rules_of"]

MOST_RULES = 100
"""Of a site, removed ones not counted."""
_NAMES: dict[Kind, str] = {
    "SPEND_THRESHOLD": "Spend of a day",
    "CONVERSION_DROP": "Fewer conversions than usual",
    "CPA_SPIKE": "Conversions cost more than usual",
    "ROAS_DROP": "Ads bring less than usual",
    "CLICK_ANOMALY": "Clicks are odd",
}


def _watched(rule: Rule) -> tuple[str, str] | None:
    if rule.paused or rule.archived:
        return None
    return keys.WATCHED, f"{rule.organization_id}#{rule.site_id}#{rule.rule_id}"


RULES = Store(Rule, "alert rule", keys.rule, _watched)


def create_rule(
    caller: Caller, site_id: str, *, name: str, kind: Kind, clock: Clock = system_clock, **settings: Any
) -> Rule:
    """
    Args:
        settings: other fields of `Rule`.

    Raises:
        NotFoundError: there is no such site. InvalidError: a field that cannot be; the message begins with its name.
    """
    tenancy.get_site(caller.organization_id, site_id)
    now_ms = clock()
    rule_id = new_id("rule", now_ms)
    rule = Rule(caller.organization_id, site_id, rule_id, name, kind, caller.owner_id, now_ms, **settings)
    checked = checked_rule(caller, rule, now_ms)
    if len(rules_of(caller.organization_id, site_id)) >= MOST_RULES:
        raise InvalidError(f"name: the site has {MOST_RULES} rules; remove one first")
    return RULES.add(caller, checked, clock)


def list_rules(caller: Caller, site_id: str, *, limit: int = 50, cursor: str | None = None) -> Page[Rule]:
    """A page of a site's rules, newest first. Raises NotFoundError; InvalidError for another list's cursor."""
    tenancy.get_site(caller.organization_id, site_id)
    _take_over(caller, settings_of(caller.organization_id, site_id))
    return RULES.page_by_id(
        caller.organization_id,
        site_id,
        limit=limit,
        cursor=cursor,
        newest_first=True,
        where=lambda rule: not rule.archived,
    )


def rules_of(organization_id: str, site_id: str) -> list[Rule]:
    """All rules of a site but removed ones, for scheduled work."""
    return [rule for rule in RULES.all_of(organization_id, site_id) if not rule.archived]


def get_rule(caller: Caller, site_id: str, rule_id: str) -> Rule:
    """Raises NotFoundError, also for a removed one."""
    rule = RULES.get(caller, site_id, rule_id)
    if rule.archived:
        raise RULES.unknown()
    return rule


def change_rule(
    caller: Caller,
    site_id: str,
    rule_id: str,
    *,
    expected_version: int | None = None,
    clock: Clock = system_clock,
    **changes: Unpack[RuleChange],
) -> Rule:
    """Changes a rule; its open alert ends with the next sweep.

    Raises:
        NotFoundError, InvalidError: as create_rule. VersionError: another version is stored.
    """
    before = get_rule(caller, site_id, rule_id)
    after = checked_rule(caller, replace(before, **changes), clock())
    return RULES.change(caller, before, after, expected_version, clock)


def remove_rule(caller: Caller, site_id: str, rule_id: str, clock: Clock = system_clock) -> None:
    """Removes a rule; its open alert ends with the next sweep. Raises NotFoundError."""
    before = get_rule(caller, site_id, rule_id)
    RULES.change(caller, before, replace(before, archived=True), clock=clock)


def _take_over(caller: Caller, settings: AlertSettings) -> None:
    """Makes rules of settings from before there were rules, once."""
    if not settings.rules:
        return
    _, transaction = SETTINGS.changing(caller, settings, replace(settings, rules=()))
    for rule in map(partial(_taken_over, settings), settings.rules):
        transaction += RULES.adding(caller, rule)
    transaction.commit()


def _taken_over(settings: AlertSettings, one: AlertRule) -> Rule:
    made_ms = settings.changed_ms or 0
    return Rule(
        settings.organization_id,
        settings.site_id,
        id_from("rule", made_ms, settings.site_id, one.kind),
        _NAMES[one.kind],
        one.kind,
        "",
        made_ms,
        severity=one.severity,
        spend_micros=one.spend_micros,
        percent=None if one.kind == "CLICK_ANOMALY" else one.percent,
        comparison_days=one.comparison_days,
        paused=not one.enabled,
    )
