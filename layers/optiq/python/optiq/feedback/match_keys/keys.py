"""The keys of match keys in the table; context.py explains them. All of a visitor's are in one partition."""

from optiq.feedback.match_keys.short_names import short
from optiq.kernel.keys import Key, site_partition


def of_person(organization_id: str, site_id: str, subject: str) -> Key:
    return Key(f"{site_partition(organization_id, site_id)}#MATCH#{subject}", "PERSON")


def of_goal(organization_id: str, site_id: str, subject: str, order_id: str, event_id: str) -> Key:
    """Begins the keys of all events that report a conversion: by the number of its order, else by its event's id."""
    goal = f"order\x1f{order_id}" if order_id else f"event\x1f{event_id}"
    return Key(of_person(organization_id, site_id, subject).pk, f"EVENT#{short(goal)}#")


def of_event(organization_id: str, site_id: str, subject: str, order_id: str, event_id: str) -> Key:
    start = of_goal(organization_id, site_id, subject, order_id, event_id)
    return Key(start.pk, f"{start.sk}{short(event_id)}")
