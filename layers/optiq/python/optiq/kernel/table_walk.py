"""Every item of a kind, in portions: for upgrades alone, since it reads the whole table."""

import json
from collections.abc import Iterator, Sequence
from typing import TypeVar

from optiq.kernel.table import Condition, Record

R = TypeVar("R", bound=Record)
_PORTION = 100


def walk(kind: type[R], where: Condition, cursor: str) -> Iterator[tuple[Sequence[R], str]]:
    """Items with the cursor that goes on behind them.

    Args:
        where: which items are of the kind. cursor: "" for the first portion.
    """
    found = kind.scan(where, last_evaluated_key=json.loads(cursor) if cursor else None, consistent_read=True)
    portion: list[R] = []
    for record in found:
        portion.append(record)
        if len(portion) == _PORTION and found.last_evaluated_key:
            yield portion, json.dumps(found.last_evaluated_key)
            portion = []
    if portion:
        yield portion, ""


def any_item(where: Condition | None = None) -> bool:
    """Whether the table has an item of which that holds."""
    return next(iter(Record.scan(where, limit=1, attributes_to_get=["pk", "sk"])), None) is not None
