"""The keys of what audit keeps in the table; context.py explains them."""

from optiq.kernel.keys import Key

AUDIT_ENTRY = "AUDIT#"
LAST_AUDIT_SEQUENCE = 10**12 - 1


def _book(book: str) -> str:
    if book.startswith("org_"):
        return f"ORG#{book}"
    return f"USER#{book}" if book.startswith("user_") else "PLATFORM"


def audit_entry(book: str, sequence: int) -> Key:
    return Key(_book(book), f"{AUDIT_ENTRY}{sequence:012d}")


def audit_head(book: str) -> Key:
    return Key(_book(book), "AUDIT_HEAD")


def audit_of_entity(book: str, entity: str) -> str:
    """Index partition of the entries about one thing, sorted by their numbers."""
    return f"{_book(book)}#AUDIT#{entity}"
