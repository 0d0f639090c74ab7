"""The mails that an organization sent to a person, found by the keyed hash of the address (kernel/person.py)."""

from collections.abc import Iterator, Mapping

from optiq.kernel.clock import system_clock, to_rfc3339
from optiq.kernel.errors import InvalidError
from optiq.kernel.person import Mode, Person, Row
from optiq.mail import api as mails
from optiq.notifications.outbox import records
from optiq.notifications.outbox.items.records import DeliveryRecord
from optiq.ports import wiring


def find(person: Person) -> Mapping[str, int]:
    return {"mails": sum(1 for _ in _mails_to(person))}


def export(person: Person) -> Iterator[tuple[str, Row]]:
    for mail in _mails_to(person):
        yield (
            "mails",
            {
                "mail_id": mail.delivery_id,
                "kind": mail.kind,
                "subject": mail.subject,
                "status": mail.status,
                "created_at": to_rfc3339(int(mail.created_ms)),
                "sent_at": to_rfc3339(int(mail.sent_ms)) if mail.sent_ms else None,
            },
        )


def erase(person: Person, mode: Mode) -> None:  # noqa: ARG001 - a mail is somebody's or not at all
    for mail in list(_mails_to(person)):
        wiring.mailer().forget(mail.delivery_id)
        records.erase(mail, system_clock())


def _mails_to(person: Person) -> Iterator[DeliveryRecord]:
    for text in person.identifiers:
        try:
            target = mails.address_hash(mails.check_address(text))
        except InvalidError:
            continue
        yield from records.mails_of(person.organization_id, target)
