"""A user deletes their account: memberships end at once, what is the user's own after a wait."""

from dataclasses import replace

from optiq.deletion import telling
from optiq.deletion.contracts import Deletion
from optiq.deletion.stored import DELETIONS, open_deletion
from optiq.identity.people import api as people
from optiq.identity.people.contracts import Client, Person
from optiq.kernel.clock import DAY_MS, Clock, system_clock
from optiq.kernel.errors import ConflictError, NotFoundError
from optiq.kernel.ids import new_id
from optiq.tenancy.members import api as members

ACCOUNT_WAIT_DAYS = 30


def ask_for_account(person: Person, client: Client, *, password: str, clock: Clock = system_clock) -> Deletion:
    """Plans the deletion of a user's account. They leave their organizations now, and can sign in to cancel.

    Raises:
        ForbiddenError: the password is wrong, or an API key asks.
        ConflictError: an organization has no other owner, or the account is being deleted already.
    """
    now_ms = clock()
    people.prove(person, password, now_ms)
    if open_deletion(person.user_id, person.user_id):
        raise ConflictError("the account is being deleted already")
    if alone := members.owned_alone(person):
        names = ", ".join(one.name for one in alone)
        raise ConflictError(f"you are the only owner of {names}: make somebody else an owner, or delete it first")
    for membership in people.memberships_of(person, clock):
        members.leave(person, membership.organization_id, client, clock=clock)
    user_id = person.user_id
    due_ms = now_ms + ACCOUNT_WAIT_DAYS * DAY_MS
    asked = Deletion(user_id, new_id("del", now_ms), "ACCOUNT", user_id, "", user_id, now_ms, due_ms)
    caller = members.caller_in(user_id, person, client)
    (DELETIONS.adding(caller, asked, clock=clock) + telling.planned(asked, clock)).commit()
    return asked


def account_deletion(person: Person) -> Deletion | None:
    """The deletion of a user's account that waits or runs; None for none."""
    return open_deletion(person.user_id, person.user_id)


def keep_account(person: Person, client: Client, *, clock: Clock = system_clock) -> Deletion:
    """Cancels the deletion of a user's account. They are in no organization until somebody invites them again.

    Raises NotFoundError; ForbiddenError for an API key; ConflictError: it has begun.
    """
    people.require_session(person)
    before = open_deletion(person.user_id, person.user_id)
    if before is None:
        raise NotFoundError("the account is not being deleted")
    if before.status != "WAITING":
        raise ConflictError("the deletion has begun: it can't be cancelled any more")
    caller = members.caller_in(person.user_id, person, client)
    after = replace(before, status="CANCELLED", ended_ms=clock())
    after, transaction = DELETIONS.changing(caller, before, after, action="deletion.cancelled")
    (transaction + telling.cancelled(after, clock)).commit()
    return after
