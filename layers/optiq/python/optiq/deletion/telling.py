"""Mails about a deletion: to the owners when it is planned and cancelled, and its proof to whoever asked for it."""

from collections.abc import Iterable

from optiq.deletion.contracts import Counts, Deletion
from optiq.identity.people import api as people
from optiq.identity.people.contracts import User
from optiq.kernel.clock import DAY_MS, Clock, utc_day
from optiq.kernel.settings import settings
from optiq.mail import api as mails
from optiq.mail.contracts import MailContent
from optiq.store.api import Transaction
from optiq.tenancy.members import api as members

_WORDS = {"SITE": "site", "WORKSPACE": "workspace", "ORGANIZATION": "organization", "ACCOUNT": "account"}
_AFTER = "You get this mail because you are an owner, or asked for the deletion."
_VALID_MS = 7 * DAY_MS
_MOST_OWNERS = 20


def planned(deletion: Deletion, clock: Clock) -> Transaction:
    """To every owner."""
    what, day = _WORDS[deletion.kind], utc_day(deletion.due_ms)
    paragraphs = [
        f"Until then nothing is removed, and no events are taken. The {what} is called {_name(deletion)}.",
        "An owner can cancel this until it begins. If you did not expect it, cancel it, and change your password.",
    ]
    content = mails.message("NOTICE", f"The {what} will be deleted on {day}", paragraphs, "See it", _page(), _AFTER)
    return _to(_owners(deletion), content, clock)


def cancelled(deletion: Deletion, clock: Clock) -> Transaction:
    """To every owner."""
    what = _WORDS[deletion.kind]
    paragraphs = [f"The {what} {_name(deletion)} stays, and takes events again."]
    content = mails.message("NOTICE", f"The {what} is not deleted", paragraphs, "See it", _page(), _AFTER)
    return _to(_owners(deletion), content, clock)


def done(deletion: Deletion, clock: Clock) -> Transaction:
    """The proof, to whoever asked."""
    what = _WORDS[deletion.kind]
    paragraphs = [
        f"Of {_name(deletion)} this was deleted: {_listed(deletion.deleted)}.",
        f"This stays: {_listed(deletion.kept)}." if deletion.kept else "Nothing of it stays.",
        f"A check afterwards found {deletion.remaining}. The number of the deletion is {deletion.deletion_id}.",
    ]
    content = mails.message("NOTICE", f"The {what} is deleted", paragraphs, "Your deletions", _page(), _AFTER)
    return _to(people.people_of([deletion.asked_by]).values(), content, clock)


def _owners(deletion: Deletion) -> Iterable[User]:
    owners = members.owners(deletion.organization_id)[:_MOST_OWNERS]
    return people.people_of(owners).values() if owners else ()


def _to(users: Iterable[User], content: MailContent, clock: Clock) -> Transaction:
    """Mails to people for themselves: the organization's own log of mails may be gone when they are sent."""
    transaction = Transaction()
    for user in users:
        until_ms = clock() + _VALID_MS
        mail = mails.request_mail(
            "deletion", user.email, content, user_id=user.user_id, valid_until_ms=until_ms, clock=clock
        )
        transaction += Transaction(mail.writes, events=(mail.event,))
    return transaction


def _name(deletion: Deletion) -> str:
    return mails.name_in_mail(deletion.name)


def _page() -> str:
    return f"{settings().public_url}/console/deletions"


def _listed(counts: Counts) -> str:
    return ", ".join(f"{number} {what}" for what, number in sorted(counts.items())) or "nothing"
