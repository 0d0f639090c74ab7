"""Keys of the context: destinations with their site, what is told with its destination."""

from optiq.kernel.keys import Key, site_partition

ENABLED = "FEEDBACK_DESTINATIONS"
"""The partition of the index with all destinations that are turned on."""


def destination(organization_id: str, site_id: str, destination_id: str) -> Key:
    return Key(site_partition(organization_id, site_id), f"FEEDBACK_DESTINATION#{destination_id}")


def entry(organization_id: str, site_id: str, destination_id: str, conversion_id: str, place: str) -> Key:
    return Key(_told(organization_id, site_id, destination_id), f"OUT#{conversion_id}#{place}")


def batch(organization_id: str, site_id: str, destination_id: str, batch_id: str) -> Key:
    return Key(_told(organization_id, site_id, destination_id), f"BATCH#{batch_id}")


def body(organization_id: str, site_id: str, destination_id: str, batch_id: str) -> Key:
    return Key(_told(organization_id, site_id, destination_id), f"BODY#{batch_id}")


def lease(organization_id: str, site_id: str, destination_id: str) -> Key:
    return Key(_told(organization_id, site_id, destination_id), "LEASE")


def due_entries(organization_id: str, site_id: str, destination_id: str) -> str:
    """The partition of the index with a destination's entries that wait, by when they are due."""
    return f"{_told(organization_id, site_id, destination_id)}#DUE"


def open_batches(organization_id: str, site_id: str, destination_id: str) -> str:
    """The partition of the index with a destination's batches that are not over, by when to look at them."""
    return f"{_told(organization_id, site_id, destination_id)}#BATCHES"


def _told(organization_id: str, site_id: str, destination_id: str) -> str:
    return f"{site_partition(organization_id, site_id)}#FEEDBACK#{destination_id}"
