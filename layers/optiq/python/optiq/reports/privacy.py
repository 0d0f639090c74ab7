"""What reports have worked out of a person's events: their steps, and their attempts of funnels (kernel/person.py)."""

from collections.abc import Iterator, Mapping

from optiq.kernel.person import Mode, Person, Row
from optiq.ports.lake_person import count_in, take_out
from optiq.reports.lake import FUNNEL_ATTEMPTS, STEPS

_UNITS = ((STEPS, "customer_id"), (FUNNEL_ATTEMPTS, "unit"))


def find(person: Person) -> Mapping[str, int]:
    return {table.name: count_in(table, person, "t", column) for table, column in _UNITS}


def export(person: Person) -> Iterator[tuple[str, Row]]:  # noqa: ARG001 - they follow from the events
    yield from ()


def erase(person: Person, mode: Mode) -> None:  # noqa: ARG001 - steps are made anew of the events that stay
    for table, column in _UNITS:
        take_out(table, person, "t", column)
