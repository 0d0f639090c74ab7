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
