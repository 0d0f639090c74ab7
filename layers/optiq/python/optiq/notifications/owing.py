"""Mails that a change owes: written down in the same transaction, sent after it, and settled.

A process that ends in between leaves the mail owed, and `send_owed` sends it minutes later. A mail is marked before and
after it is handed over. Only a process that ends between the carrier's answer and the mark after it leads to a second
copy; the outbox of one machine keeps one file of both. What is owed holds the mail's text, its link included, until it
is settled.
"""

import json
from dataclasses import asdict, dataclass

from optiq.kernel.clock import DAY_MS, MINUTE_MS, Clock, system_clock
from optiq.kernel.errors import UpstreamError
from optiq.kernel.ids import new_id
from optiq.kernel.table import Put, Update, update_if
from optiq.notifications import keys
from optiq.notifications.contracts import Letter
from optiq.notifications.log import change_status, log_entry, status_of
from optiq.notifications.records import OwedMailRecord
from optiq.notifications.rendering import as_html, as_text
from optiq.ports import wiring
from optiq.ports.mail import Mail

IN_FLIGHT_MS = 2 * MINUTE_MS
"""Who owes a mail sends it at once: until then it is theirs. No request of ours runs longer than 29 seconds."""
_MOST_TRIES = 3
_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Owed:
    """A mail to be sent once `writes` are made, together with the change that owes it."""

    mail_id: str
    to: str
    letter: Letter
    organization_id: str
    fact: str
    writes: tuple[Put, ...]


def owe(
    to: str,
    letter: Letter,
    *,
    user_id: str = "",
    organization_id: str = "",
    about: str = "",
    good_until_ms: int | None = None,
    clock: Clock = system_clock,
) -> Owed:
    """A mail that what is committed with it owes; arguments as `api.send`.

    Args:
        about: the id of what it tells of; a later mail about the same takes the place of one that is still owed.
        good_until_ms: when its link ends; later it is not sent. A day from now when it has none.
    """
    now_ms = clock()
    mail_id = new_id("mail", now_ms)
    until_ms = now_ms + DAY_MS if good_until_ms is None else good_until_ms
    entry = log_entry(mail_id, to, letter, user_id=user_id, organization_id=organization_id, about=about, now_ms=now_ms)
    owed = OwedMailRecord(
        *keys.owed_mail(about or mail_id),
        gsi1pk=keys.OWED_MAILS,
        gsi1sk=f"{now_ms:015d}#{mail_id}",
        mail_id=mail_id,
        organization_id=organization_id,
        to=to,
        letter=json.dumps(asdict(letter)),
        created_ms=now_ms,
        good_until_ms=until_ms,
        forget_at=(until_ms + DAY_MS) // 1000,
    )
    return Owed(mail_id, to, letter, organization_id, about or mail_id, (Put(entry, None), Put(owed, None)))


def deliver(owed: Owed, clock: Clock = system_clock, *, again: bool = False) -> str:
    """Sends what is owed, now that its writes are made; returns the mail's id.

    Raises:
        UpstreamError: the carrier did not take it. It is owed no more, and who asked for it is told so; with `again`
            it is still owed.
    """
    try:
        _hand_over(owed, clock)
    except UpstreamError:
        if not again:
            release(owed.fact, owed.mail_id)
        raise
    release(owed.fact, owed.mail_id)
    return owed.mail_id


def release(fact: str, mail_id: str = "") -> None:
    """Nothing is owed of a fact any more (with `mail_id`: unless another mail is)."""
    record = OwedMailRecord(*keys.owed_mail(fact))
    names = ("gsi1pk", "gsi1sk", "to", "letter")
    known = OwedMailRecord.mail_id == mail_id if mail_id else OwedMailRecord.pk.exists()
    update_if(Update(record, [getattr(OwedMailRecord, name).remove() for name in names], known))


def send_owed(clock: Clock = system_clock) -> int:
    """Sends what is owed of changes whose process ended; returns how many mails. A second run at once sends none."""
    now_ms = clock()
    sent = 0
    until = f"{now_ms - IN_FLIGHT_MS:015d}"
    found = OwedMailRecord.by_second_key.query(keys.OWED_MAILS, OwedMailRecord.gsi1sk < until, limit=_AT_ONCE)
    for record in list(found):
        if record.to and record.letter and _claim(record, now_ms):
            sent += _send_again(record, clock)
    return sent


def _claim(record: OwedMailRecord, now_ms: int) -> bool:
    """Marks a try, unless another made one meanwhile. What the index says may be old, so the item itself decides."""
    if record.tried_ms is not None and record.tried_ms > now_ms - IN_FLIGHT_MS:
        return False
    owed = (OwedMailRecord.mail_id == record.mail_id) & OwedMailRecord.letter.exists()
    untried = OwedMailRecord.tries == record.tries
    actions = [OwedMailRecord.tries.add(1), OwedMailRecord.tried_ms.set(now_ms)]
    return update_if(Update(OwedMailRecord(record.pk, record.sk), actions, owed & untried))


def _send_again(record: OwedMailRecord, clock: Clock) -> int:
    letter = Letter(**json.loads(record.letter or "{}"))
    fact = record.pk.removeprefix(keys.owed_mail("").pk)
    owed = Owed(record.mail_id, record.to or "", letter, record.organization_id, fact, ())
    if status_of(owed.mail_id, owed.organization_id) not in ("QUEUED", "FAILED"):
        release(fact, owed.mail_id)
        return 0
    if record.good_until_ms <= clock() or record.tries >= _MOST_TRIES:
        change_status(owed.mail_id, owed.organization_id, "FAILED", "it could not be sent in time", "", clock())
        release(fact, owed.mail_id)
        return 0
    try:
        _hand_over(owed, clock)
    except UpstreamError:
        # Still owed: tried again at a later run.
        return 0
    release(fact, owed.mail_id)
    return 1


def _hand_over(owed: Owed, clock: Clock) -> None:
    letter = owed.letter
    try:
        mail = Mail(owed.mail_id, owed.to, letter.subject, as_text(letter), as_html(letter), owed.organization_id)
        carrier_id = wiring.mailer().send(mail)
    except UpstreamError as error:
        change_status(owed.mail_id, owed.organization_id, "FAILED", str(error), "", clock())
        raise
    change_status(owed.mail_id, owed.organization_id, "SENT", "", carrier_id, clock())
