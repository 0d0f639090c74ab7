"""The feedback context: which conversions advertising platforms are told, and what became of it."""

from optiq.feedback.destinations.api import (
    archive_destination,
    change_destination,
    create_destination,
    enabled_of_site,
    get_destination,
    list_destinations,
    shown,
)
from optiq.feedback.outbox.adding import add_conversions
from optiq.feedback.sending.starting import start_due
from optiq.feedback.sending.step import step
from optiq.feedback.showing.conversions import of as told_of_conversion
from optiq.feedback.showing.conversions import send_again, send_test
from optiq.feedback.showing.funnels import accepted, funnels

__all__ = [
    "accepted",
    "add_conversions",
    "archive_destination",
    "change_destination",
    "create_destination",
    "enabled_of_site",
    "funnels",
    "get_destination",
    "list_destinations",
    "send_again",
    "send_test",
    "shown",
    "start_due",
    "step",
    "told_of_conversion",
]
