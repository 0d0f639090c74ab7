"""The keys of what consent keeps in the table; context.py explains them."""

from optiq.kernel.keys import Key, site_partition


def state(organization_id: str, site_id: str, subject: str) -> Key:
    return Key(f"{site_partition(organization_id, site_id)}#CONSENT#{subject}", "STATE")


def record(organization_id: str, site_id: str, subject: str, record_id: str) -> Key:
    """`record_id` "" begins the keys of all records of a visitor."""
    return Key(state(organization_id, site_id, subject).pk, f"AT#{record_id}")
