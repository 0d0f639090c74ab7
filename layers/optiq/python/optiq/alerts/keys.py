"""The keys of what alerts keeps in the table; context.py explains them."""

from optiq.kernel.keys import Key, site_partition

WATCHED = "ALERT_RULES"
"""Index partition of all rules that are judged."""


def settings(organization_id: str, site_id: str) -> Key:
    return Key(site_partition(organization_id, site_id), "ALERTS")


def rule(organization_id: str, site_id: str, rule_id: str) -> Key:
    return Key(site_partition(organization_id, site_id), f"ALERTRULE#{rule_id}")


def watch(organization_id: str, site_id: str, watch_id: str) -> Key:
    return Key(site_partition(organization_id, site_id), f"ALERTWATCH#{watch_id}")


def alert(organization_id: str, site_id: str, alert_id: str) -> Key:
    return Key(site_partition(organization_id, site_id), f"ALERT#{alert_id}")


def window(organization_id: str, site_id: str, window_id: str) -> Key:
    return Key(site_partition(organization_id, site_id), f"ALERTWINDOW#{window_id}")
