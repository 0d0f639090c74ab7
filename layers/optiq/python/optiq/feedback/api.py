"""The feedback context: which conversions advertising platforms are told, and what became of it."""

from optiq.feedback.destinations.api import (
    archive_destination,
    change_destination,
    create_destination,
    enabled_of_site,
    get_destination,
    list_destinations,
)

__all__ = [
    "archive_destination",
    "change_destination",
    "create_destination",
    "enabled_of_site",
    "get_destination",
    "list_destinations",
]
