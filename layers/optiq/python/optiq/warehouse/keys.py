"""The keys of what the warehouse keeps in the table; context.py explains them."""

from optiq.kernel.keys import Key


def destination(organization_id: str) -> Key:
    return Key(f"ORG#{organization_id}", "WAREHOUSE")


def copy(organization_id: str) -> Key:
    return Key(f"ORG#{organization_id}", "WAREHOUSECOPY")
