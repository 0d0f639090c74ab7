"""What a change owes by mail is sent, whatever is killed between the change and the mail; and once."""

from collections.abc import Callable
from typing import Any

import pytest
from optiq.identity.people import api as people
from optiq.kernel.clock import DAY_MS, HOUR_MS, MINUTE_MS, system_clock
from optiq.kernel.errors import ConflictError, UnauthenticatedError, UpstreamError
from optiq.notifications import api as notifications
from optiq.notifications import owing
from optiq.ports import wiring
from optiq.ports.mail import Mail
from optiq.tenancy.members import api as members

from functions.notifications import send_owed
from infra.local.scheduler import SCHEDULES, Scheduler
from tests.functional.identity.people import (
    PASSWORD,
    Someone,
    letters_to,
    new_address,
    new_client,
    newest_link,
    refused,
)
from tests.functional.tenancy.organizations import Company

pytestmark = pytest.mark.usefixtures("table")


class _Killed(BaseException):
    """The process ends here."""


def _kill(*_: object, **__: object) -> None:
    raise _Killed


@pytest.fixture
def company() -> Company:
    return Company()


def later(milliseconds: int) -> Callable[[], int]:
    return lambda: system_clock() + milliseconds


def killed(work: Callable[[], object], before: str = "_hand_over") -> None:
    """Does the work in a process that ends before it calls this function of owing.py."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owing, before, _kill)
        with pytest.raises(_Killed):
            work()


@pytest.fixture
def carried(monkeypatch: pytest.MonkeyPatch) -> list[Mail]:
    """What the carrier took, beside the outbox."""
    found: list[Mail] = []
    mailer = wiring.mailer()

    class Carrier:
        def send(self, mail: Mail) -> str:
            found.append(mail)
            return mailer.send(mail)

    monkeypatch.setattr(wiring, "mailer", Carrier)
    return found


def statuses(address: str) -> list[str]:
    return [mail.status for mail in notifications.mails_to(address)]


def test_an_invitation_is_mailed_though_its_process_was_killed(company: Company, carried: list[Mail]) -> None:
    guest = Someone()
    before = len(carried)
    killed(lambda: members.invite(company.actor(), email=guest.address, role="MEMBER"))
    assert statuses(guest.address)[0] == "QUEUED"

    # Not while whoever owes it may be sending it still.
    notifications.send_owed(later(MINUTE_MS))
    assert len(carried) == before
    notifications.send_owed(later(3 * MINUTE_MS))
    notifications.send_owed(later(6 * MINUTE_MS))

    assert [mail.to for mail in carried[before:]] == [guest.address]
    assert statuses(guest.address)[0] == "SENT"
    members.accept_invitation(guest.person, newest_link(guest.address), guest.client)


def _sign_up(address: str) -> None:
    people.sign_up(address, "Ann", PASSWORD, new_client())


def test_who_signs_up_can_confirm_it(carried: list[Mail]) -> None:
    address = new_address()
    killed(lambda: _sign_up(address))
    notifications.send_owed(later(3 * MINUTE_MS))

    assert letters_to(address) == ["VERIFY_ADDRESS"]
    people.verify_email(newest_link(address), PASSWORD, new_client())


@pytest.mark.parametrize("ask", [people.request_magic_link, people.request_password_reset])
def test_links_that_were_asked_for_are_sent(ask: Callable[..., None], carried: list[Mail]) -> None:
    someone = Someone()
    killed(lambda: ask(someone.address, new_client()))
    before = len(carried)
    notifications.send_owed(later(3 * MINUTE_MS))

    assert [mail.to for mail in carried[before:]] == [someone.address]
    assert "#token=" in carried[-1].text


def test_a_person_is_told_that_their_password_was_changed(carried: list[Mail]) -> None:
    someone = Someone()
    killed(lambda: people.change_password(someone.person, PASSWORD, "another staple of horses", someone.client))
    notifications.send_owed(later(3 * MINUTE_MS))

    assert letters_to(someone.address)[-1] == "SECURITY_NOTICE"
    assert statuses(someone.address)[0] == "SENT"


def test_a_mail_without_its_change_is_owed_by_nobody(company: Company, carried: list[Mail]) -> None:
    guest = Someone()
    members.invite(company.actor(), email=guest.address, role="MEMBER")
    before = len(carried)
    refused(ConflictError, lambda: members.invite(company.actor(), email=guest.address, role="VIEWER"))

    notifications.send_owed(later(3 * MINUTE_MS))
    assert len(carried) == before


def test_what_was_sent_is_not_sent_again(company: Company, carried: list[Mail]) -> None:
    guest = Someone()
    members.invite(company.actor(), email=guest.address, role="MEMBER")
    # One more ends after the mail is marked as sent, before it is settled.
    killed(lambda: members.invite(company.actor(), email=new_address(), role="MEMBER"), before="release")
    before = len(carried)

    for minutes in (3, 6, 9):
        notifications.send_owed(later(minutes * MINUTE_MS))
    assert len(carried) == before


def test_two_senders_at_once_send_one_mail(company: Company, carried: list[Mail]) -> None:
    killed(lambda: members.invite(company.actor(), email=new_address(), role="MEMBER"))
    before = len(carried)
    hand_over = owing._hand_over

    def meanwhile(owed: Any, clock: Any) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(owing, "_hand_over", hand_over)
            notifications.send_owed(later(3 * MINUTE_MS))
        hand_over(owed, clock)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owing, "_hand_over", meanwhile)
        notifications.send_owed(later(3 * MINUTE_MS))
    assert len(carried) == before + 1


def test_a_sender_killed_before_its_mark_sends_one_copy_more_and_no_third(
    company: Company, carried: list[Mail]
) -> None:
    killed(lambda: members.invite(company.actor(), email=new_address(), role="MEMBER"))
    before = len(carried)
    killed(lambda: notifications.send_owed(later(3 * MINUTE_MS)), before="change_status")
    for minutes in (4, 6, 9, 12):
        notifications.send_owed(later(minutes * MINUTE_MS))

    mails = carried[before:]
    assert (len(mails), len({mail.mail_id for mail in mails})) == (2, 1)


def test_a_newer_invitation_takes_the_place_of_one_that_is_owed(company: Company, carried: list[Mail]) -> None:
    guest = Someone()
    killed(lambda: members.invite(company.actor(), email=guest.address, role="MEMBER"))
    (invitation,) = members.list_invitations(company.actor()).items
    members.send_invitation_again(company.actor(), invitation.invitation_id, later(MINUTE_MS))
    before = len(carried)

    notifications.send_owed(later(5 * MINUTE_MS))
    assert len(carried) == before
    members.accept_invitation(guest.person, newest_link(guest.address), guest.client)


def test_a_revoked_invitation_owes_nothing(company: Company, carried: list[Mail]) -> None:
    killed(lambda: members.invite(company.actor(), email=new_address(), role="MEMBER"))
    (invitation,) = members.list_invitations(company.actor()).items
    members.revoke_invitation(company.actor(), invitation.invitation_id)
    before = len(carried)

    notifications.send_owed(later(3 * MINUTE_MS))
    assert len(carried) == before


def test_a_link_that_ended_meanwhile_is_not_sent(carried: list[Mail]) -> None:
    someone = Someone()
    killed(lambda: people.request_magic_link(someone.address, new_client()))
    before = len(carried)

    notifications.send_owed(later(HOUR_MS))
    assert len(carried) == before
    assert statuses(someone.address)[0] == "FAILED"


def test_a_carrier_that_is_down_is_tried_three_times(monkeypatch: pytest.MonkeyPatch) -> None:
    address = new_address()
    killed(lambda: _sign_up(address))
    tries: list[Mail] = []

    class Down:
        def send(self, mail: Mail) -> str:
            if mail.to == address:
                tries.append(mail)
            raise UpstreamError("the carrier is down", retryable=True)

    monkeypatch.setattr(wiring, "mailer", Down)
    for minutes in range(3, 30, 3):
        notifications.send_owed(later(minutes * MINUTE_MS))

    assert len(tries) == 3
    assert statuses(address) == ["FAILED"]


def test_who_is_told_that_a_mail_failed_is_owed_none(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    class Down:
        def send(self, mail: Mail) -> str:
            raise UpstreamError("the carrier is down", retryable=True)

    guest = new_address()
    with monkeypatch.context() as patch:
        patch.setattr(wiring, "mailer", Down)
        refused(UpstreamError, lambda: members.invite(company.actor(), email=guest, role="MEMBER"))
    notifications.send_owed(later(3 * MINUTE_MS))

    assert statuses(guest) == ["FAILED"]


def test_nothing_of_a_mail_remains_once_it_was_sent(company: Company, table: Any) -> None:
    guest = new_address()
    members.invite(company.actor(), email=guest, role="MEMBER")

    pages = table.get_paginator("scan").paginate(TableName="optiq-test")
    items = [item for page in pages for item in page["Items"]]
    owed = [item for item in items if item["pk"]["S"].startswith("OWED#")]
    assert owed
    assert [item for item in owed if "letter" in item and guest in str(item)] == []


def test_the_sender_runs_every_minute_and_after_a_start(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from infra.local import scheduler as module

    (schedule,) = (one for one in SCHEDULES if one.handler == "functions.notifications.send_owed.handler")
    calls: list[str] = []
    monkeypatch.setattr(module, "load", lambda path: lambda event, context: calls.append(event["time"]))
    now_ms = system_clock() // DAY_MS * DAY_MS
    for second in (0, 30, 60, 90, 120, 3_600):
        one = Scheduler(str(tmp_path / "stream.db"), [schedule])
        one.run_due(now_ms + second * 1000)
        one.close()

    assert len(calls) == 3
    assert send_owed.handler({}, None).keys() == {"sent"}


def test_a_used_link_cannot_be_used_twice_though_its_mail_came_twice(company: Company, carried: list[Mail]) -> None:
    guest = Someone()
    killed(lambda: members.invite(company.actor(), email=guest.address, role="MEMBER"), before="change_status")
    notifications.send_owed(later(3 * MINUTE_MS))
    secret = newest_link(guest.address)

    members.accept_invitation(guest.person, secret, guest.client)
    refused(UnauthenticatedError, lambda: members.accept_invitation(guest.person, secret, guest.client))
