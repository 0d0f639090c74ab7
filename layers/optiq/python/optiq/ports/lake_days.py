"""Which days of the lake a statement reads, as far as it says so by `dt`."""

import re
from collections.abc import Sequence
from functools import lru_cache

from optiq.ports.query import Value

_TEXT = re.compile(r"'[^']*'")
_BOUND = re.compile(r"\bdt (?:BETWEEN (\?) AND (\?)|= (\?))", re.IGNORECASE)
ALL = ("", "9999-12-31")
"""The first and the last day of a table that is read whole."""


def days_of(sql: str, parameters: Sequence[Value], tables: Sequence[str]) -> tuple[str, str]:
    """First and last day; all where the statement names a table more often than it says days of one."""
    places = _places(sql, tuple(tables))
    days = [str(parameters[place]) for place in places if place < len(parameters)]
    return (min(days), max(days)) if days else ALL


@lru_cache(maxsize=256)
def _places(sql: str, tables: tuple[str, ...]) -> tuple[int, ...]:
    """The places of the parameters that are days; none where some table is read whole."""
    plain = _TEXT.sub("''", sql)
    bounds = list(_BOUND.finditer(plain))
    named = sum(len(re.findall(rf"\b(?:FROM|JOIN)\s+{table}\b", plain, re.IGNORECASE)) for table in tables)
    if len(bounds) < named:
        return ()
    return tuple(plain.count("?", 0, bound.start(group)) for bound in bounds for group in (1, 2, 3) if bound[group])
