"""The keys of what ingest keeps in the table; context.py explains them."""

from optiq.kernel.keys import Key, site_partition


def ingest_count(organization_id: str, site_id: str, day: str, shard: str) -> Key:
    return Key(site_partition(organization_id, site_id), f"INGEST#{day}#{shard}")


def failed_event(organization_id: str, site_id: str, failed_event_id: str) -> Key:
    return Key(site_partition(organization_id, site_id), f"FAILED#{failed_event_id}")


def unclaimed_event(day: str, failed_event_id: str) -> Key:
    # Anybody can send those, and one partition takes 1,000 write units a second.
    return Key(f"UNCLAIMED#{day}#{failed_event_id[-1]}", f"FAILED#{failed_event_id}")


def unclaimed_count(day: str, shard: str) -> Key:
    return Key(f"UNCLAIMED#{day}", f"INGEST#{shard}")
