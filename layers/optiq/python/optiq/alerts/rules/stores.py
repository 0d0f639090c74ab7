"""Rules in the table."""

from optiq.alerts import keys
from optiq.alerts.rules.contracts import Rule
from optiq.store.api import Store


def _watched(rule: Rule) -> tuple[str, str] | None:
    if rule.paused or rule.archived:
        return None
    return keys.WATCHED, f"{rule.organization_id}#{rule.site_id}#{rule.rule_id}"


RULES = Store(Rule, "alert rule", keys.rule, _watched)
