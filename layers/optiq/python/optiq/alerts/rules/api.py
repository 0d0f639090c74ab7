"""The rules of a site, written by people; those of settings from before there were rules are taken over."""

from dataclasses import replace
from typing import Any, Unpack

from optiq.alerts.rules.checking import checked_rule
from optiq.alerts.rules.contracts import Kind, Rule, RuleChange
from optiq.alerts.rules.stores import RULES
from optiq.alerts.rules.taking_over import take_over
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import InvalidError
from optiq.kernel.ids import new_id
from optiq.kernel.paging import Page
from optiq.tenancy import api as tenancy

__all__ = ["MOST_RULES", "change_rule", "create_rule", "get_rule", "list_rules", "remove_rule", "rules_of", "take_over"]

MOST_RULES = 100
"""Of a site, removed ones not counted."""


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
    take_over(caller, site_id)
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
