"""Errors that a person met (kernel/person.py): they go, whatever the mode. Their counts stay with the error's group."""

from collections.abc import Iterator, Mapping

from optiq.kernel.person import Mode, Person, Row
from optiq.operations.lake import ERRORS
from optiq.ports.lake_person import count_in, read_from, take_out

_TIME = "occurred_at"


def find(person: Person) -> Mapping[str, int]:
    return {ERRORS.name: count_in(ERRORS, person, _TIME)}


def export(person: Person) -> Iterator[tuple[str, Row]]:
    for row in read_from(ERRORS, person, _TIME):
        yield ERRORS.name, row


def erase(person: Person, mode: Mode) -> None:  # noqa: ARG001 - nobody's error tells nothing more
    take_out(ERRORS, person, _TIME)
