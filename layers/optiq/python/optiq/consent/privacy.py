"""What a person said of consent (kernel/person.py). Its records are given out, and stay when they are erased, as proof.

What was said before an erasure counts no more: who comes back is asked anew.
"""

from collections.abc import Iterator, Mapping

from optiq.consent import api as consent
from optiq.kernel.clock import to_rfc3339
from optiq.kernel.person import Mode, Person, Row


def find(person: Person) -> Mapping[str, int]:  # noqa: ARG001 - nothing of it is to go
    return {}


def export(person: Person) -> Iterator[tuple[str, Row]]:
    for traces in person.traces:
        for subject in sorted(traces.hashes):
            for record in consent.records(person.organization_id, traces.site_id, subject):
                yield (
                    "consent",
                    {
                        "site_id": traces.site_id,
                        "customer_id": f"cus_{subject}",
                        "purpose": record.purpose,
                        "granted": record.granted,
                        "said_at": to_rfc3339(record.said_ms),
                        "source": record.source,
                        "policy_version": record.policy_version,
                    },
                )


def erase(person: Person, mode: Mode) -> None:  # noqa: ARG001 - nobody's consent is of no use
    for site_id, subjects in person.hashes_on_sites():
        consent.forget(person.organization_id, site_id, subjects, person.erased_ms)
