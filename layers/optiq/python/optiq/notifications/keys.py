"""The keys of what notifications keeps in the table; context.py explains them."""

from optiq.kernel.keys import Key


def mail(mail_id: str) -> Key:
    return Key(f"MAIL#{mail_id}", "MAIL")


def organization_mail(organization_id: str, mail_id: str) -> Key:
    return Key(f"ORG#{organization_id}", f"MAIL#{mail_id}")


def latest_mail(organization_id: str, about: str) -> Key:
    return Key(f"ORG#{organization_id}", f"LATEST_MAIL#{about}")


def mails_to(address_hash: str) -> str:
    """Index partition of the mails sent to an address, sorted by their ids, which sort by time."""
    return f"MAILS#{address_hash}"


def notice(organization_id: str, user_id: str, notice_id: str) -> Key:
    return Key(f"ORG#{organization_id}#INBOX#{user_id}", f"NOTICE#{notice_id}")
