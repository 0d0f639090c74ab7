"""Filters: AND of groups of OR, the same on every source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from optiq.ports.query import Value
from optiq.reports.questions.catalogue import DIMENSIONS, SLOTS, Source
from optiq.reports.questions.wrong import wrong
from optiq.reports.statements import Sql

Operator = Literal["is", "is_not", "contains", "starts_with", "is_set", "is_not_set"]
MOST_FILTERS, MOST_VALUES, LONGEST_VALUE = 20, 100, 500


@dataclass(frozen=True, slots=True)
class Filter:
    """`is` and `is_not` compare with any of the values, `contains` and `starts_with` ignore case."""

    dimension: str
    operator: Operator
    values: tuple[str, ...] = ()


Filters = tuple[tuple[Filter, ...], ...]
"""Every group must match; in a group, one filter is enough."""


def check_filters(filters: Filters) -> None:
    """Raises InvalidError for filters that cannot be; the message begins with the field's name."""
    flat = [one for group in filters for one in group]
    if len(flat) > MOST_FILTERS:
        raise wrong("filters", f"use at most {MOST_FILTERS}")
    if not all(filters):
        raise wrong("filters", "a group needs at least one filter")
    for one in flat:
        needs_values = one.operator not in ("is_set", "is_not_set")
        if needs_values != bool(one.values):
            raise wrong("filters", f"{one.operator} needs {'values' if needs_values else 'no values'}")
        if len(one.values) > MOST_VALUES or any(len(value) > LONGEST_VALUE for value in one.values):
            raise wrong("filters", f"use at most {MOST_VALUES} values of {LONGEST_VALUE} characters each")


def condition(filters: Filters, source: Source, columns: Mapping[str, str] | None = None) -> Sql:
    """The filters over a source's rows, or over columns of other names by dimension.

    Raises:
        InvalidError: the source does not know a dimension.
    """
    parts: list[str] = []
    parameters: list[Value] = []
    for group in filters:
        found = [_one(one, _column_of(one.dimension, source, columns)) for one in group]
        parts.append(f"({' OR '.join(one.sql for one in found)})")
        parameters += [value for one in found for value in one.parameters]
    return Sql(" AND ".join(parts) or "true", tuple(parameters))


def dimensions_in(filters: Filters) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.dimension for group in filters for one in group))


def _column_of(dimension: str, source: Source, columns: Mapping[str, str] | None) -> str:
    known = DIMENSIONS[dimension].columns
    if source not in known:
        shown = DIMENSIONS[dimension].label if dimension in SLOTS else dimension
        raise wrong("filters", f"{shown} is not known of {_THINGS[source]}; leave out the filter or the metric")
    return columns[dimension] if columns else known[source]


_THINGS: Mapping[Source, str] = {
    "visits": "visits",
    "events": "events",
    "ledger": "conversions and revenue",
    "ads": "spend, clicks and impressions",
}


def _one(one: Filter, column: str) -> Sql:
    text = f"coalesce({column}, '')"
    if one.operator in ("is", "is_not"):
        listed = f"{text} IN ({', '.join('?' * len(one.values))})"
        return Sql(f"NOT {listed}" if one.operator == "is_not" else listed, one.values)
    if one.operator in ("contains", "starts_with"):
        place = "> 0" if one.operator == "contains" else "= 1"
        found = " OR ".join(f"strpos(lower({text}), lower(?)) {place}" for _ in one.values)
        return Sql(f"({found})", one.values)
    return Sql(f"{text} {'<>' if one.operator == 'is_set' else '='} ''")


def read_filters(saved: Sequence[Any]) -> Filters:
    """Filters as they were saved: the JSON of a question's `filters`, checked when it was saved."""

    def one(found: Mapping[str, Any]) -> Filter:
        return Filter(found["dimension"], found["operator"], tuple(found.get("values", ())))

    return tuple(tuple(map(one, entry if isinstance(entry, list) else [entry])) for entry in saved)


def groups(listed: Sequence[Filter | Sequence[Filter]]) -> Filters:
    """A list whose entries are filters, or lists of filters of which one is enough."""
    return tuple((one,) if isinstance(one, Filter) else tuple(one) for one in listed)
