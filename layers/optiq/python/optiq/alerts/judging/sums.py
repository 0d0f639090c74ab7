"""Days put together."""

from collections.abc import Sequence

from optiq.alerts.judging.contracts import DayValues


def included(days: Sequence[DayValues]) -> list[DayValues]:
    """The days that no maintenance window leaves out."""
    return [day for day in days if not day.excluded]


def total(days: Sequence[DayValues], column: str) -> float | None:
    """The sum over days; None where one of them is not known, or there is none."""
    known = [value for day in days if (value := day.value(column)) is not None]
    return sum(known) if days and len(known) == len(days) else None
