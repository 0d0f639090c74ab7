"""The keys of what billing keeps in the table; context.py explains them."""

from optiq.kernel.keys import Key


def credits_partition(organization_id: str) -> str:
    return f"ORG#{organization_id}#CREDITS"


def head(organization_id: str) -> Key:
    return Key(credits_partition(organization_id), "HEAD")
