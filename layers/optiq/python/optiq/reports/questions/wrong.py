"""Mistakes of a question."""

from optiq.kernel.errors import InvalidError


def wrong(field: str, what: str) -> InvalidError:
    """An error that names the field of the request's body and what is wrong with it."""
    return InvalidError(f"{field}: {what}", fields={f"body.{field}": what})
