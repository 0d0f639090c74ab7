"""A user deletes their account: memberships end at once, what is theirs is gone after 30 days."""

import pytest
from optiq.deletion import api as deletion
from optiq.deletion.contracts import Deletion
from optiq.identity.people import api as people
from optiq.kernel.clock import DAY_MS
from optiq.kernel.errors import ConflictError, ForbiddenError
from optiq.tenancy.members import api as members

from tests.functional.deletion.tenants import items_with, mails_with, run
from tests.functional.identity.people import PASSWORD, Someone, new_client
from tests.functional.subscribers import deliver_events
from tests.functional.tenancy.organizations import Company

pytestmark = pytest.mark.usefixtures("table")
STAYS = {"audit entry", "audit head", "audit chains", "deletion"}


def _ask(someone: Someone) -> Deletion:
    return deletion.ask_for_account(someone.person, someone.client, password=PASSWORD)


def test_account_is_gone_after_thirty_days_and_its_address_free() -> None:
    # GIVEN a member of an organization, invited by mail, with an API key
    company = Company()
    someone = company.hire("MEMBER")
    people.create_key(someone.person, "mine", ["reports:read"], someone.client)

    # WHEN they delete their account
    asked = _ask(someone)

    # THEN they are no member any more, and nothing is gone before 30 days
    assert not members.is_member(company.organization_id, someone.user_id, 0)
    assert run(asked, later_ms=29 * DAY_MS).status == "WAITING"
    deliver_events()
    assert mails_with(someone.address)
    done = run(asked, later_ms=31 * DAY_MS)
    assert (done.status, done.remaining) == ("DONE", 0)
    # AND then only the logs and the proof have the user's id, and what ended by itself in the meantime their address
    ended = {"attempts", "outbox item", "proof"}
    assert set(items_with(someone.user_id).values()) <= STAYS | ended
    assert set(items_with(someone.address).values()) <= STAYS | ended
    assert people.find_by_address(someone.address) is None
    # AND no mail in the outbox folder was to them
    assert mails_with(someone.address) == []
    # AND the address may sign up again
    assert Someone(someone.address, client=new_client()).user_id != someone.user_id
    # AND the organization has its owner
    assert members.owners(company.organization_id) == [company.owner.user_id]


def test_account_of_the_only_owner_is_not_deleted() -> None:
    company = Company()

    with pytest.raises(ConflictError, match="only owner of Hearth & Heron: make somebody else an owner"):
        _ask(company.owner)
    with pytest.raises(ForbiddenError, match="password"):
        deletion.ask_for_account(company.owner.person, company.owner.client, password="another password")


def test_account_that_came_to_own_an_organization_waits() -> None:
    someone = Someone()
    asked = _ask(someone)
    members.create_organization(someone.person, someone.client, name="Late")

    assert run(asked, later_ms=31 * DAY_MS).status == "WAITING"


def test_account_is_kept_when_its_user_cancels() -> None:
    someone = Someone()
    asked = _ask(someone)

    assert deletion.keep_account(someone.person, someone.client).status == "CANCELLED"
    assert run(asked, later_ms=31 * DAY_MS).status == "CANCELLED"
    assert people.profile(someone.person).email == someone.address
