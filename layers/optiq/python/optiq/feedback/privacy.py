"""A person's match keys: hashes that advertising platforms recognise a buyer by (kernel/person.py)."""

from collections.abc import Iterator, Mapping

from optiq.feedback.match_keys import api as match_keys
from optiq.kernel.person import Mode, Person, Row


def find(person: Person) -> Mapping[str, int]:
    counts = (match_keys.count(person.organization_id, *one) for one in person.hashes_on_sites())
    return {"match_keys": sum(counts)}


def export(person: Person) -> Iterator[tuple[str, Row]]:
    """How many there are: the keys themselves are sealed, and opened for a platform alone."""
    for site_id, subjects in person.hashes_on_sites():
        for subject in subjects:
            if kept := match_keys.count(person.organization_id, site_id, [subject]):
                yield "match_keys", {"site_id": site_id, "customer_id": f"cus_{subject}", "kept": kept}


def erase(person: Person, mode: Mode) -> None:  # noqa: ARG001 - nobody's keys are of no use
    for site_id, subjects in person.hashes_on_sites():
        if match_keys.count(person.organization_id, site_id, subjects):
            match_keys.erase(person.organization_id, site_id, subjects)
