"""A mail that is requested with a change is sent, whatever is killed between the change and the mail; and once."""

from collections.abc import Callable
from typing import Any

import pytest
from optiq.events import api as events
from optiq.identity.people import api as people
from optiq.kernel.clock import HOUR_MS, MINUTE_MS, Clock, system_clock
from optiq.kernel.errors import ConflictError, UnauthenticatedError, UpstreamError
from optiq.kernel.settings import settings
from optiq.mail.contracts import MailRequested
from optiq.notifications import api as notifications
from optiq.ports import wiring
from optiq.ports.mail import Mail
from optiq.tenancy.members import api as members
from types_boto3_dynamodb import DynamoDBClient

from tests.functional.identity.people import (
    PASSWORD,
    Someone,
    new_address,
    new_client,
    newest_link,
    refused,
    templates_to,
)
from tests.functional.subscribers import deliver_events, hand_on_events, handed_on
from tests.functional.tenancy.organizations import Company

pytestmark = pytest.mark.usefixtures("table")


class _Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def company() -> Company:
    return Company()


def later(milliseconds: int) -> Clock:
    return lambda: system_clock() + milliseconds


def deliver(address: str, clock: Clock = system_clock) -> None:
    """Delivers every mail that was requested for an address, once, and sends what is due."""
    hand_on_events()
    for event in handed_on("MailRequested"):
        if event["detail"]["data"]["to"] == address:
            deliver_one(event, clock)
    notifications.send_due(lambda: False, clock)


def deliver_one(event: Any, clock: Clock = system_clock) -> None:
    events.handle(event, "notifications.on_mail_requested", MailRequested, notifications.send_requested, clock)


def killed_while_sending(monkeypatch: pytest.MonkeyPatch, work: Callable[[], object], *, sends: bool) -> None:
    """Does the work in a process that ends while it hands a mail over: before or after the carrier took it."""
    mailer = wiring.mailer()

    class Carrier:
        def send(self, mail: Mail) -> str:
            if sends:
                mailer.send(mail)
            raise _Killed

    with monkeypatch.context() as patch:
        patch.setattr(wiring, "mailer", Carrier)
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


def _sign_up(address: str) -> None:
    people.sign_up(address, "Ann", PASSWORD, new_client())


def test_an_invitation_is_mailed_behind_the_request(company: Company, carried: list[Mail]) -> None:
    guest = Someone()
    before = len(carried)
    members.invite(company.actor(), email=guest.address, role="MEMBER")
    assert len(carried) == before

    deliver_events()

    assert [mail.to for mail in carried[before:]] == [guest.address]
    assert statuses(guest.address)[0] == "SENT"
    members.accept_invitation(guest.person, newest_link(guest.address), guest.client)


@pytest.mark.parametrize("ask", [people.request_magic_link, people.request_password_reset])
def test_links_that_were_asked_for_are_sent(ask: Callable[..., None], carried: list[Mail]) -> None:
    someone = Someone()
    before = len(carried)
    ask(someone.address, new_client())
    deliver_events()

    assert [mail.to for mail in carried[before:]] == [someone.address]
    assert "#token=" in carried[-1].text


def test_a_person_is_told_that_their_password_was_changed() -> None:
    someone = Someone()
    people.change_password(someone.person, PASSWORD, "another staple of horses", someone.client)

    assert templates_to(someone.address)[-1] == "SECURITY_NOTICE"
    assert statuses(someone.address)[0] == "SENT"


def test_a_mail_without_its_change_is_not_sent(company: Company, carried: list[Mail]) -> None:
    guest = Someone()
    members.invite(company.actor(), email=guest.address, role="MEMBER")
    deliver_events()
    before = len(carried)
    refused(ConflictError, lambda: members.invite(company.actor(), email=guest.address, role="VIEWER"))

    deliver_events()
    assert len(carried) == before


def test_a_mail_is_sent_once_however_often_it_is_delivered(carried: list[Mail]) -> None:
    address = new_address()
    _sign_up(address)
    for minutes in (0, 0, 3, 60):
        deliver(address, later(minutes * MINUTE_MS))

    assert [mail.to for mail in carried].count(address) == 1


def test_two_deliveries_at_once_send_one_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    address = new_address()
    _sign_up(address)
    sent: list[str] = []

    class Carrier:
        def send(self, mail: Mail) -> str:
            if not sent:
                sent.append(mail.mail_id)
                refused(UpstreamError, lambda: deliver(address))
            else:
                sent.append(mail.mail_id)
            return mail.mail_id

    monkeypatch.setattr(wiring, "mailer", Carrier)
    deliver(address)
    deliver(address)

    assert len(sent) == 1


def test_a_sender_killed_before_the_carrier_leaves_the_mail_to_the_next(
    monkeypatch: pytest.MonkeyPatch, carried: list[Mail]
) -> None:
    address = new_address()
    _sign_up(address)
    killed_while_sending(monkeypatch, lambda: deliver(address), sends=False)

    # Not while the first may be sending it still.
    refused(UpstreamError, lambda: deliver(address, later(MINUTE_MS)))
    deliver(address, later(3 * MINUTE_MS))
    assert [mail.to for mail in carried].count(address) == 1
    people.verify_email(newest_link(address), PASSWORD, new_client())


def test_a_sender_killed_before_its_mark_sends_one_copy_more_and_no_third(
    monkeypatch: pytest.MonkeyPatch, carried: list[Mail]
) -> None:
    address = new_address()
    _sign_up(address)
    killed_while_sending(monkeypatch, lambda: deliver(address), sends=True)
    for minutes in (3, 6, 9, 12):
        deliver(address, later(minutes * MINUTE_MS))

    mails = [mail for mail in carried if mail.to == address]
    assert (len(mails), len({mail.mail_id for mail in mails})) == (2, 1)
    assert statuses(address) == ["SENT"]


def test_a_newer_invitation_replaces_one_that_waits(company: Company, carried: list[Mail]) -> None:
    guest = Someone()
    before = len(carried)
    invitation = members.invite(company.actor(), email=guest.address, role="MEMBER")
    members.send_invitation_again(company.actor(), invitation.invitation_id, clock=later(MINUTE_MS))

    deliver_events()
    assert len(carried) == before + 1
    assert statuses(guest.address)[:2] == ["SENT", "SUPPRESSED"]
    members.accept_invitation(guest.person, newest_link(guest.address), guest.client)


def test_a_revoked_invitation_is_not_mailed(company: Company, carried: list[Mail]) -> None:
    address = new_address()
    invitation = members.invite(company.actor(), email=address, role="MEMBER")
    members.revoke_invitation(company.actor(), invitation.invitation_id)

    deliver_events()
    assert address not in [mail.to for mail in carried]


def test_a_link_that_ended_meanwhile_is_not_sent(carried: list[Mail]) -> None:
    someone = Someone()
    before = len(carried)
    people.request_magic_link(someone.address, new_client())

    deliver(someone.address, later(HOUR_MS))
    assert len(carried) == before
    assert statuses(someone.address)[0] == "SUPPRESSED"


def test_a_carrier_that_is_down_is_tried_until_it_is_up(monkeypatch: pytest.MonkeyPatch, carried: list[Mail]) -> None:
    address = new_address()
    _sign_up(address)

    class Down:
        def send(self, mail: Mail) -> str:
            raise UpstreamError("the carrier is down", retryable=True)

    with monkeypatch.context() as patch:
        patch.setattr(wiring, "mailer", Down)
        for minutes in (0, 1, 10):
            deliver(address, later(minutes * MINUTE_MS))
    assert statuses(address) == ["PENDING"]

    deliver(address, later(HOUR_MS))
    assert statuses(address) == ["SENT"]
    assert [mail.to for mail in carried].count(address) == 1


def test_a_mail_that_the_carrier_refuses_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    address = new_address()
    _sign_up(address)
    tries: list[str] = []

    class Refusing:
        def send(self, mail: Mail) -> str:
            tries.append(mail.mail_id)
            raise UpstreamError("no such mailbox", retryable=False)

    monkeypatch.setattr(wiring, "mailer", Refusing)
    for _ in range(3):
        deliver(address)

    assert (len(tries), statuses(address)) == (1, ["FAILED"])


def test_a_bounce_that_is_reported_before_the_mark_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    address = new_address()
    _sign_up(address)

    class Quick:
        def send(self, mail: Mail) -> str:
            notifications.record_outcome(mail.mail_id, "BOUNCED", "bounced: General")
            return mail.mail_id

    monkeypatch.setattr(wiring, "mailer", Quick)
    for _ in range(2):
        deliver(address)

    assert statuses(address) == ["BOUNCED"]


def test_nothing_of_a_mail_remains_in_the_table_once_it_was_handed_on(company: Company, table: DynamoDBClient) -> None:
    guest = new_address()
    members.invite(company.actor(), email=guest, role="MEMBER")
    deliver_events()

    pages = table.get_paginator("scan").paginate(TableName=settings().table)
    items = [item for page in pages for item in page["Items"] if item["pk"]["S"] == f"OUTBOX#{company.organization_id}"]
    assert items
    assert [item for item in items if "event" in item or "forget_at" not in item] == []


def test_a_used_link_cannot_be_used_twice_though_its_mail_came_twice(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest = Someone()
    members.invite(company.actor(), email=guest.address, role="MEMBER")
    killed_while_sending(monkeypatch, lambda: deliver(guest.address), sends=True)
    deliver(guest.address, later(3 * MINUTE_MS))
    secret = newest_link(guest.address)

    members.accept_invitation(guest.person, secret, guest.client)
    refused(UnauthenticatedError, lambda: members.accept_invitation(guest.person, secret, guest.client))
