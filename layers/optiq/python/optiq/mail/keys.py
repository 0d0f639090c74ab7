"""The keys of what mail keeps in the table; context.py explains them."""

from optiq.kernel.keys import Key


def latest_mail(organization_id: str, about: str) -> Key:
    return Key(f"ORG#{organization_id}", f"LATEST_MAIL#{about}")
