"""The keys of what retention keeps in the table; context.py explains them."""

from optiq.kernel.keys import Key

SWEEP = Key("PLATFORM", "RETENTION_SWEEP")


def retention(organization_id: str) -> Key:
    return Key(f"ORG#{organization_id}", "RETENTION")
