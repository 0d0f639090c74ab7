"""The keys of what sharing keeps in the table; context.py explains them."""

from optiq.kernel.keys import Key, site_partition


def dashboard(organization_id: str, site_id: str, dashboard_id: str) -> Key:
    return Key(site_partition(organization_id, site_id), f"DASHBOARD#{dashboard_id}")


def share(share_id: str) -> Key:
    return Key(f"SHARE#{share_id}", "SHARE")


def share_use(share_id: str) -> Key:
    return Key(f"SHARE#{share_id}", "USE")


def shares_of(organization_id: str, site_id: str) -> str:
    """Index partition of a site's share links."""
    return f"{site_partition(organization_id, site_id)}#SHARES"


DUE_MAILS = "DUEMAILS"
"""Index partition of scheduled mails by when they are due, for the sweep of all tenants."""


def mail_schedule(organization_id: str, site_id: str, schedule_id: str) -> Key:
    return Key(site_partition(organization_id, site_id), f"MAILSCHEDULE#{schedule_id}")


def mail_due(organization_id: str, site_id: str, schedule_id: str) -> Key:
    return Key(site_partition(organization_id, site_id), f"MAILDUE#{schedule_id}")


def mail_run(organization_id: str, site_id: str, schedule_id: str, day: str) -> Key:
    return Key(site_partition(organization_id, site_id), f"MAILRUN#{schedule_id}#{day}")
