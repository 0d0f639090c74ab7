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
_AFTER = "You get this mail because you are an owner, or because you asked for the deletion."
_VALID_MS = 7 * DAY_MS
_MOST_OWNERS = 20


def planned(deletion: Deletion, clock: Clock) -> Transaction:
    """To every owner; of an account, to its user."""
    what, day = _WORDS[deletion.kind], utc_day(deletion.due_ms)
    if deletion.kind == "ACCOUNT":
        first = "You are in no organization any more. Your sign-in works until then."
    else:
        first = f"Until then nothing is removed, and no events are taken. The {what} is called {_name(deletion)}."
    unexpected = "It can be cancelled until it begins. If you did not expect it, cancel it, and change your password."
    paragraphs = [first, unexpected]
    content = mails.message(
        "NOTICE", f"The {what} will be deleted on {day}", paragraphs, "See it", _page(deletion), _AFTER
    )
    return _to(_owners(deletion), content, clock)


def cancelled(deletion: Deletion, clock: Clock) -> Transaction:
    """As `planned`."""
    what = _WORDS[deletion.kind]
    of_account = "An owner of an organization can invite you again."
    paragraphs = [of_account if deletion.kind == "ACCOUNT" else f"{_name(deletion)} stays, and takes events again."]
    content = mails.message("NOTICE", f"The {what} is not deleted", paragraphs, "See it", _page(deletion), _AFTER)
    return _to(_owners(deletion), content, clock)


def done(deletion: Deletion, clock: Clock) -> Transaction:
    """The proof, to whoever asked."""
    what = _WORDS[deletion.kind]
    paragraphs = [
        f"Of {_name(deletion)} this was deleted: {_listed(deletion.deleted)}.",
        f"This stays: {_listed(deletion.kept)}." if deletion.kept else "Nothing of it stays.",
        f"A check afterwards found {deletion.remaining}. The number of the deletion is {deletion.deletion_id}.",
    ]
    content = mails.message("NOTICE", f"The {what} is deleted", paragraphs, "Your deletions", _page(deletion), _AFTER)
    return _to(people.people_of([deletion.asked_by]).values(), content, clock)


def _owners(deletion: Deletion) -> Iterable[User]:
    if deletion.kind == "ACCOUNT":
        return people.people_of([deletion.target_id]).values()
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


def _page(deletion: Deletion) -> str:
    return f"{settings().public_url}/console/{'account' if deletion.kind == 'ACCOUNT' else 'deletions'}"


def _listed(counts: Counts) -> str:
    return ", ".join(f"{number} {what}" for what, number in sorted(counts.items())) or "nothing"
