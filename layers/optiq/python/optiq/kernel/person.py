"""A person whose data is asked for or erased, as each context that holds personal data gets them.

Such a context has `privacy.py`, with three functions that may be repeated at any time:

    find(person) -> Mapping[str, int]                  how many rows of each table are the person's
    export(person) -> Iterator[tuple[str, Row]]        the rows themselves, each with its table
    erase(person, mode) -> None                        nothing of `find` is left afterwards

`find` also counts what is worked out from other rows (tables in DERIVED, where the module has one); `export` does not
repeat those.
"""

import importlib
import importlib.util
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, Protocol, cast

from optiq.kernel.manifest import contexts

Mode = Literal["ERASE", "ANONYMISE"]
"""ERASE keeps of a person the value of conversions and the contacts that are credited for them, as nobody's. ANONYMISE
keeps the events and visits as well, without what could tell whose they are."""
Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Traces:
    """What a person is on one site.

    Attributes:
        customers: all of theirs. shared: devices of theirs that others use too, of which only what was theirs goes.
        remains: the customer of nobody that keeps what may stay.
        hashes: of all their identifiers, keyed with the organization; the same ones as before an earlier erasure. A
            request that began in an older version has none.
    """

    site_id: str
    customers: frozenset[str]
    shared: frozenset[str]
    remains: str
    hashes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Person:
    """Attributes:
    identifiers: as the person wrote them; nothing of them is kept when the work is over.
    hashes: of the identifiers, keyed with the organization.
    sites: all of the organization.
    erased_ms: what happened or came until then is concerned.
    """

    organization_id: str
    identifiers: tuple[str, ...]
    hashes: tuple[str, ...]
    sites: tuple[str, ...]
    traces: tuple[Traces, ...]
    erased_ms: int

    @property
    def customers(self) -> frozenset[str]:
        """Of all sites."""
        return frozenset[str]().union(*(one.customers for one in self.traces))

    @property
    def shared(self) -> frozenset[str]:
        """Of all sites."""
        return frozenset[str]().union(*(one.shared for one in self.traces))

    def hashes_on_sites(self) -> Iterator[tuple[str, list[str]]]:
        """Each site with the keyed hashes of the person's identifiers on it."""
        of_site = {one.site_id: one for one in self.traces}
        for site_id in self.sites:
            found = set(self.hashes)
            if traces := of_site.get(site_id):
                found |= traces.hashes | {one.removeprefix("cus_") for one in traces.customers}
            yield site_id, sorted(found)

    def remains_of(self, customer_id: str) -> str:
        """The customer that stands in a customer's place."""
        return next(one.remains for one in self.traces if customer_id in one.customers | one.shared)


class PersonalData(Protocol):
    """A context's `privacy.py`."""

    def find(self, person: Person) -> Mapping[str, int]: ...
    def export(self, person: Person) -> Iterator[tuple[str, Row]]: ...
    def erase(self, person: Person, mode: Mode) -> None: ...


@cache
def personal_contexts() -> dict[str, PersonalData]:
    """Every context that holds personal data, by name."""
    paths = {context.name: f"optiq.{context.name}.privacy" for context in contexts() if context.name != "privacy"}
    return {
        name: cast(PersonalData, importlib.import_module(path))
        for name, path in paths.items()
        if importlib.util.find_spec(path)
    }
