"""A person's match keys: hashes that advertising platforms recognise a buyer by (kernel/person.py)."""

from collections.abc import Iterator, Mapping

from optiq.feedback.match_keys import api as match_keys
from optiq.kernel.person import Mode, Person, Row


def find(person: Person) -> Mapping[str, int]:
    counts = (match_keys.count(person.organization_id, *one) for one in _subjects(person))
    return {"match_keys": sum(counts)}


def export(person: Person) -> Iterator[tuple[str, Row]]:
    """How many there are: the keys themselves are sealed, and opened for a platform alone."""
    for site_id, subjects in _subjects(person):
        for subject in subjects:
            if kept := match_keys.count(person.organization_id, site_id, [subject]):
                yield "match_keys", {"site_id": site_id, "customer_id": f"cus_{subject}", "kept": kept}


def erase(person: Person, mode: Mode) -> None:  # noqa: ARG001 - nobody's keys are of no use
    for site_id, subjects in _subjects(person):
        if match_keys.count(person.organization_id, site_id, subjects):
            match_keys.erase(person.organization_id, site_id, subjects)


def _subjects(person: Person) -> Iterator[tuple[str, list[str]]]:
    """The keyed hashes of the person's identifiers on each site."""
    of_site = {one.site_id: one.customers for one in person.traces}
    for site_id in person.sites:
        customers = {one.removeprefix("cus_") for one in of_site.get(site_id, ())}
        yield site_id, sorted(customers.union(person.hashes))
