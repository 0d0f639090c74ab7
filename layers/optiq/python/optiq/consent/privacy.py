"""What a person said of consent (kernel/person.py). It is given out; it stays when they are erased, as proof."""

from collections.abc import Iterator, Mapping

from optiq.consent import api as consent
from optiq.kernel.clock import to_rfc3339
from optiq.kernel.person import Mode, Person, Row


def find(person: Person) -> Mapping[str, int]:  # noqa: ARG001 - nothing of it is to go
    return {}


def export(person: Person) -> Iterator[tuple[str, Row]]:
    for traces in person.traces:
        for customer_id in sorted(traces.customers | traces.shared):
            subject = customer_id.removeprefix("cus_")
            for record in consent.records(person.organization_id, traces.site_id, subject):
                yield (
                    "consent",
                    {
                        "site_id": traces.site_id,
                        "customer_id": customer_id,
                        "purpose": record.purpose,
                        "granted": record.granted,
                        "said_at": to_rfc3339(record.said_ms),
                        "source": record.source,
                        "policy_version": record.policy_version,
                    },
                )


def erase(person: Person, mode: Mode) -> None:
    """A record of consent proves what was lawful: it stays, by the keyed hash alone."""
