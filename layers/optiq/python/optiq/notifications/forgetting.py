"""What the carrier itself keeps of mails, such as the files of the outbox folder, goes with what they are of."""

from collections.abc import Iterable

from optiq.kernel.clock import system_clock
from optiq.mail import api as mails
from optiq.notifications import keys
from optiq.notifications.outbox import records
from optiq.ports import wiring


def forget_contents(items: Iterable[tuple[str, str]]) -> None:
    """Removes the contents of the mails among some items, which are named by their keys. Raises UpstreamError."""
    for pk, sk in items:
        if mail_id := keys.mail_of(pk, sk):
            wiring.mailer().forget(mail_id)


def erase_mails_to(address: str) -> None:
    """Takes an address out of the entries of all mails to it, of whichever organization, and removes their contents.

    Repeated, it changes nothing. Raises UpstreamError.
    """
    for record in list(records.records_to(mails.address_hash(address))):
        wiring.mailer().forget(record.delivery_id)
        records.erase(record, system_clock())
