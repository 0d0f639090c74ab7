"""What people are sent: where and when they chose, only while they may see it, and nothing that is over."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, HOUR_MS, MINUTE_MS
from optiq.kernel.errors import InvalidError
from optiq.mail import api as mails
from optiq.notifications import api as notifications
from optiq.notifications.contracts import Delivery, Message
from optiq.notifications.ending.api import unsubscribe_url
from optiq.notifications.inbox import api as inbox
from optiq.notifications.preferences import api as preferences
from optiq.notifications.preferences.contracts import Choice
from optiq.tenancy import api as tenancy
from optiq.tenancy.members import api as members

from functions.notifications import on_mail_events, unsubscribe
from tests.functional.identity.people import Someone
from tests.functional.notifications.conftest import Carrier, Sender
from tests.functional.notifications.test_mail import bounce

BERLIN = ZoneInfo("Europe/Berlin")
QUIET = {"timezone": "Europe/Berlin", "quiet_from": "22:00", "quiet_until": "07:00"}


def at(text: str) -> int:
    """An instant of Berlin's clocks."""
    return round(datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp() * 1000)


def caller_of(sender: Sender, someone: Someone) -> Caller:
    return replace(sender.company.actor("VIEWER"), actor=someone.user_id, user_id=someone.user_id)


def subjects(carrier: Carrier, someone: Someone) -> list[str]:
    return [mail.subject for mail in carrier.to(someone)]


def alerts_to(someone: Someone) -> list[Delivery]:
    """Newest first."""
    return [one for one in notifications.mails_to(someone.address) if one.kind == "ALERT"]


@pytest.fixture
def ann(sender: Sender) -> Someone:
    return sender.company.hire("VIEWER")


def ask(sender: Sender, ann: Someone, about: str = "alert_1", **fields: Any) -> None:
    sender.ask(**{"about": about, "user_ids": (ann.user_id,), "message": Message(f"About {about}"), **fields})


def test_what_is_critical_is_sent_at_once_in_quiet_hours_too(sender: Sender, ann: Someone, carrier: Carrier) -> None:
    sender.now_ms = at("2027-01-12T23:00")
    ask(sender, ann, **QUIET)

    assert subjects(carrier, ann) == ["About alert_1"]
    assert inbox.unread(caller_of(sender, ann), lambda: sender.now_ms).total == 1


def test_a_warning_in_quiet_hours_that_is_over_before_their_end_is_never_sent(
    sender: Sender, ann: Someone, carrier: Carrier
) -> None:
    sender.now_ms = at("2027-01-12T23:00")
    ask(sender, ann, severity="WARNING", **QUIET)
    sender.sweep(30 * MINUTE_MS)
    ask(sender, ann, severity="WARNING", period="RESOLVED", ends=True, **QUIET)
    for _ in range(20):
        sender.sweep(HOUR_MS)

    assert subjects(carrier, ann) == []


def test_warnings_in_quiet_hours_that_last_are_one_message_at_their_end(
    sender: Sender, ann: Someone, carrier: Carrier
) -> None:
    sender.now_ms = at("2027-01-12T23:00")
    ask(sender, ann, severity="WARNING", **QUIET)
    sender.sweep(at("2027-01-13T06:59") - sender.now_ms)
    assert subjects(carrier, ann) == []
    sender.sweep(MINUTE_MS)
    assert subjects(carrier, ann) == ["About alert_1"]

    for number in range(3):
        sender.now_ms = at("2027-01-13T22:30")
        ask(sender, ann, f"alert_{number}", severity="WARNING", period="TRIGGERED 2027-01-13", **QUIET)
    sender.sweep(at("2027-01-14T07:00") - sender.now_ms)
    assert subjects(carrier, ann) == ["About alert_1", "3 alerts"]


def test_the_end_of_what_somebody_was_told_of_is_told(sender: Sender, ann: Someone, carrier: Carrier) -> None:
    sender.now_ms = at("2027-01-12T12:00")
    ask(sender, ann, severity="WARNING", **QUIET)
    sender.sweep(2 * MINUTE_MS)
    ask(sender, ann, severity="WARNING", period="RESOLVED", ends=True, message=Message("Over"), **QUIET)
    sender.sweep(2 * MINUTE_MS)

    assert subjects(carrier, ann) == ["About alert_1", "Over"]


@pytest.mark.parametrize(
    ("day", "next_day", "hours"),
    [("2027-03-27", "2027-03-28", 23), ("2027-10-30", "2027-10-31", 25), ("2027-06-01", "2027-06-02", 24)],
)
def test_a_digest_goes_out_once_a_day_however_long_the_day_is(
    sender: Sender, ann: Someone, carrier: Carrier, day: str, next_day: str, hours: int
) -> None:
    sender.now_ms = at(f"{day}T07:00")
    sent_ms = []
    until_ms = at(f"{next_day}T12:00")
    number = 0
    while sender.now_ms < until_ms:
        ask(sender, ann, f"alert_{number}", severity="INFO", **QUIET)
        before = len(carrier.to(ann))
        sender.sweep(30 * MINUTE_MS)
        sent_ms += [sender.now_ms] * (len(carrier.to(ann)) - before)
        number += 1

    assert sent_ms == [at(f"{day}T08:00"), at(f"{next_day}T08:00")]
    assert (sent_ms[1] - sent_ms[0]) // HOUR_MS == hours
    assert subjects(carrier, ann)[1] == f"{2 * hours} alerts"
    text = carrier.to(ann)[1].text
    assert text.count("About alert_") == 20
    assert f"and {2 * hours - 20} more" in text


def test_a_digest_with_nothing_to_say_is_no_mail(sender: Sender, ann: Someone, carrier: Carrier) -> None:
    for _ in range(3):
        sender.sweep(DAY_MS)

    assert subjects(carrier, ann) == []


def test_a_member_who_lost_access_to_a_site_before_it_is_sent_gets_nothing(
    sender: Sender, ann: Someone, carrier: Carrier
) -> None:
    site = tenancy.add_site(tenancy.operator(sender.organization_id), name="Shop", domains=["shop.example"])
    fields = {"severity": "WARNING", "site_id": site.site_id, "needs": "reports:read"}
    ask(sender, ann, **fields)
    ask(sender, ann, "alert_2", **fields)
    members.remove_member(sender.company.actor(), ann.user_id)
    sender.sweep(2 * MINUTE_MS)

    assert subjects(carrier, ann) == []
    assert {one.status for one in alerts_to(ann)} == {"SUPPRESSED"}


def test_the_same_request_again_is_sent_once(sender: Sender, ann: Someone, carrier: Carrier) -> None:
    for _ in range(3):
        ask(sender, ann)

    assert len(carrier.to(ann)) == 1
    assert inbox.unread(caller_of(sender, ann)).total == 1


def test_a_permanent_bounce_suppresses_the_address_and_the_console_says_so(
    sender: Sender, ann: Someone, carrier: Carrier
) -> None:
    ask(sender, ann)
    event = bounce(carrier.to(ann)[0].mail_id)
    event["detail"]["mail"]["tags"]["organization_id"] = [sender.organization_id]
    on_mail_events.handler(event, None)
    sender.now_ms += 1  # those of one instant are in no order
    ask(sender, ann, "alert_2")

    assert len(carrier.to(ann)) == 1
    assert [one.status for one in alerts_to(ann)] == ["SUPPRESSED", "BOUNCED"]
    titles = [one.title for one in inbox.list_notices(caller_of(sender, ann)).items]
    assert "We cannot reach you by mail" in titles
    security(ann)
    assert [mail.subject for mail in carrier.to(ann)][-1] == "Your Optiq account was changed"

    event = bounce(carrier.to(ann)[-1].mail_id)
    event["detail"]["eventType"] = "Delivery"
    on_mail_events.handler(event, None)
    ask(sender, ann, "alert_3")
    assert subjects(carrier, ann)[-1] == "About alert_3"


def security(someone: Someone) -> None:
    """Sends a mail about the person's own account."""
    request = mails.request_mail(
        "identity", someone.address, mails.security_notice("Changed.", "https://optiq.example")
    )
    notifications.send_requested(request.event, _fact(request.event.data), request.event.at_ms)


def _fact(data: Any) -> Any:
    from optiq.events.facts import adapter_of
    from optiq.mail.contracts import MailRequested

    return adapter_of(MailRequested).validate_python(data)


def visited(method: str, url: str, body: str = "") -> tuple[int, str]:
    event: Any = {
        "pathParameters": {"token": url.rpartition("/u/")[2]},
        "requestContext": {"http": {"method": method}},
        "headers": {},
        "body": body,
    }
    found = unsubscribe.handler(event, None)
    return found["statusCode"], str(found["body"])


def test_one_click_without_a_cookie_turns_a_kind_of_mail_off_and_a_get_does_not(
    sender: Sender, ann: Someone, carrier: Carrier
) -> None:
    ask(sender, ann)
    (mail,) = carrier.to(ann)
    url = unsubscribe_url(sender.organization_id, "alert", ann.user_id)
    assert mail.headers == {
        "List-Unsubscribe": f"<{url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert url in mail.text

    status, page = visited("GET", url)
    assert (status, '<form method="post">' in page) == (200, True)
    ask(sender, ann, "alert_2")
    assert len(carrier.to(ann)) == 2
    assert visited("POST", url, "List-Unsubscribe=One-Click")[0] == 200
    ask(sender, ann, "alert_3")
    assert len(carrier.to(ann)) == 2
    security(ann)
    assert len(carrier.to(ann)) == 3

    own = caller_of(sender, ann)
    assert preferences.choice_of(preferences.preferences_of(own), "alert", "MAIL") == "OFF"
    preferences.change_preferences(own, choices=[Choice("alert", "MAIL", "AT_ONCE")])
    ask(sender, ann, "alert_4")
    assert len(carrier.to(ann)) == 4


def test_what_was_ended_meanwhile_is_not_sent(sender: Sender, ann: Someone, carrier: Carrier) -> None:
    ask(sender, ann, severity="WARNING")
    visited("POST", unsubscribe_url(sender.organization_id, "alert", ann.user_id))
    sender.sweep(2 * MINUTE_MS)

    assert subjects(carrier, ann) == []


def test_a_shared_mailbox_can_end_alerts_too(sender: Sender, carrier: Carrier) -> None:
    fields: dict[str, Any] = {"user_ids": (), "addresses": ("alerts@shop.example",)}
    sender.ask(**fields)
    (mail,) = carrier.taken
    visited("POST", mail.headers["List-Unsubscribe"].strip("<>"))
    sender.ask(about="alert_2", **fields)

    assert len(carrier.taken) == 1


def test_a_person_chooses_before_the_organization_and_the_organization_before_nobody(
    sender: Sender, ann: Someone, carrier: Carrier
) -> None:
    boss, own = sender.company.actor(), caller_of(sender, ann)
    preferences.change_preferences(boss, of_organization=True, choices=[Choice("alert", "MAIL", "OFF")])
    ask(sender, ann)
    assert subjects(carrier, ann) == []
    preferences.change_preferences(
        own, choices=[Choice("alert", "MAIL", "DIGEST"), Choice("alert", "INBOX", "OFF")], timezone="Europe/Berlin"
    )
    sender.now_ms = at("2027-01-12T12:00")
    ask(sender, ann, "alert_2", severity="WARNING")
    sender.sweep(at("2027-01-13T08:00") - sender.now_ms)

    assert subjects(carrier, ann) == ["About alert_2"]
    assert inbox.unread(own).total == 1


def test_preferences_that_cannot_be_are_refused(sender: Sender, ann: Someone) -> None:
    own = caller_of(sender, ann)
    for field, values in {
        "choices.0.kind": {"choices": [Choice("weather", "MAIL", "OFF")]},
        "choices": {"choices": [Choice("alert", "MAIL", "OFF"), Choice("alert", "MAIL", "DIGEST")]},
        "timezone": {"timezone": "Mars/Olympus"},
        "quiet_from": {"quiet_from": "25:00", "quiet_until": "07:00"},
        "quiet_until": {"quiet_from": "22:00"},
    }.items():
        with pytest.raises(InvalidError, match=f"^{field}: "):
            preferences.change_preferences(own, **values)  # type: ignore[arg-type]


def test_a_mail_notes_that_it_was_opened_and_clicked_for_the_first_time(
    sender: Sender, ann: Someone, carrier: Carrier
) -> None:
    ask(sender, ann)
    event = bounce(carrier.to(ann)[0].mail_id)
    event["detail"]["mail"]["tags"]["organization_id"] = [sender.organization_id]
    for kind in ("Open", "Click", "Open"):
        on_mail_events.handler(json.loads(json.dumps({"detail": {**event["detail"], "eventType": kind}})), None)
    (mail,) = alerts_to(ann)

    assert mail.opened_ms > 0
    assert mail.clicked_ms > 0
    assert mail.status == "SENT"
