"""The keys of what audit keeps in the table; context.py explains them."""

from optiq.kernel.keys import Key

HEAD = "AUDIT_HEAD"


def partition(log: str) -> str:
    if log.startswith("org_"):
        return f"ORG#{log}"
    return f"USER#{log}" if log.startswith("user_") else "PLATFORM"


def head(log: str, chain: str) -> Key:
    """`chain` is "" for the head from before each context had a chain of its own."""
    return Key(partition(log), f"{HEAD}#{chain}" if chain else HEAD)


def start(log: str, chain: str) -> Key:
    """Where a chain begins whose first entries had their time."""
    return Key(partition(log), f"AUDIT_START#{chain}")


def chains(log: str) -> Key:
    return Key(partition(log), "AUDIT_CHAINS")


def entries_of(log: str, entity: str) -> str:
    """Index partition of the entries about one thing, sorted as in the log."""
    return f"{partition(log)}#AUDIT#{entity}"
