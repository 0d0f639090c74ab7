"""The keys of what notifications keeps in the table; context.py explains them."""

from optiq.kernel.keys import Key

DUE = "DUE_DELIVERIES"
"""Index partition of the deliveries that are to be tried, the longest due first."""


def delivery(organization_id: str, delivery_id: str) -> Key:
    """An id begins with its channel, such as `mail_`, so that an organization's mails are next to one another."""
    if organization_id:
        return Key(f"ORG#{organization_id}", f"DELIVERY#{delivery_id}")
    return Key(f"DELIVERY#{delivery_id}", "DELIVERY")


def mail_of(pk: str, sk: str) -> str:
    """The id of the mail that an item is of; "" for every other item."""
    kind, _, found = (pk if sk == "DELIVERY" else sk).partition("#")
    return found if kind == "DELIVERY" and found.startswith("mail_") else ""


def due(organization_id: str, delivery_id: str) -> Key:
    if organization_id:
        return Key(f"ORG#{organization_id}", f"DUE#{delivery_id}")
    return Key(f"DUE#{delivery_id}", "DUE")


def deliveries_to(target: str) -> str:
    """Index partition of the deliveries to a target, sorted by their ids, which sort by time."""
    return f"DELIVERIES#{target}"


def target(organization_id: str, target_id: str) -> Key:
    return Key(f"ORG#{organization_id}", f"TARGET#{target_id}")


def suppressed(address_hash: str) -> Key:
    return Key(f"SUPPRESSED#{address_hash}", "SUPPRESSED")


def unsubscribed(organization_id: str, topic: str, recipient: str) -> Key:
    return Key(f"ORG#{organization_id}", f"UNSUBSCRIBED#{topic}#{recipient}")


def channel(organization_id: str, channel_id: str) -> Key:
    return Key(f"ORG#{organization_id}", f"CHANNEL#{channel_id}")


def preferences(organization_id: str, user_id: str) -> Key:
    """Those of an organization are of the user "all"."""
    return Key(f"ORG#{organization_id}", f"PREFERENCES#{user_id}")


def notice(organization_id: str, user_id: str, notice_id: str) -> Key:
    return Key(f"ORG#{organization_id}#INBOX#{user_id}", f"NOTICE#{notice_id}")
