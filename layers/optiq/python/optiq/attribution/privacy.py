"""The credits of a person's conversions: they stay, as nobody's, and so does revenue by channel (kernel/person.py)."""

from collections.abc import Iterator, Mapping

from optiq.attribution.lake import CREDITS
from optiq.kernel.person import Mode, Person, Row
from optiq.ports.lake_person import count_in, take_over

_TIME = "conversion_at"


def find(person: Person) -> Mapping[str, int]:
    return {CREDITS.name: count_in(CREDITS, person, _TIME)}


def export(person: Person) -> Iterator[tuple[str, Row]]:  # noqa: ARG001 - credits follow from conversions
    yield from ()


def erase(person: Person, mode: Mode) -> None:  # noqa: ARG001 - the same in both
    take_over(CREDITS, person, _TIME, {})
