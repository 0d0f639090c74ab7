"""The keys of what deletion keeps in the table; context.py explains them."""

from optiq.kernel.keys import Key

DUE = "DELETIONS_DUE"
"""Index partition of the deletions that wait or run, sorted by when they are due."""


def deletion(organization_id: str, deletion_id: str) -> Key:
    """Below the organization, or the user whose account is deleted."""
    kind = "USER" if organization_id.startswith("user_") else "ORG"
    return Key(f"{kind}#{organization_id}", f"DELETION#{deletion_id}")


def ended(user_id: str) -> str:
    """Index partition of the deletions that a user asked for and that are over."""
    return f"DELETIONS#{user_id}"
