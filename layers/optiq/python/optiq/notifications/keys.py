"""The keys of what notifications keeps in the table; context.py explains them."""

from optiq.kernel.keys import Key

OWED_MAILS = "OWED_MAILS"
"""Index partition of the mails that changes owe and that were not sent yet, the oldest first."""


def mail(mail_id: str) -> Key:
    return Key(f"MAIL#{mail_id}", "MAIL")


def organization_mail(organization_id: str, mail_id: str) -> Key:
    return Key(f"ORG#{organization_id}", f"MAIL#{mail_id}")


def owed_mail(fact: str) -> Key:
    """By what it tells of, or by its own id."""
    return Key(f"OWED#{fact}", "OWED")


def mails_to(address_hash: str) -> str:
    """Index partition of the mails sent to an address, sorted by their ids, which sort by time."""
    return f"MAILS#{address_hash}"
