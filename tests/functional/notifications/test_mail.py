"""Mail: written to the outbox, logged, and what its carrier says of it."""

import json
import stat
from dataclasses import asdict, replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from optiq.events import api as events
from optiq.events.contracts import Event
from optiq.kernel.clock import system_clock
from optiq.kernel.errors import InvalidError
from optiq.kernel.ids import new_id
from optiq.kernel.settings import settings
from optiq.mail import api as mails
from optiq.mail.contracts import MailContent, MailRequested
from optiq.notifications import api as notifications
from optiq.ports import wiring
from optiq.ports.mail_outbox import OutboxMailer
from types_boto3_dynamodb import DynamoDBClient

from functions.notifications import on_mail_events, routes
from tests.functional.reports.http import answer, request


def send(address: str, content: MailContent, *, organization_id: str = "", about: str = "") -> str:
    """Requests a mail and sends it; returns its id."""
    mail = mails.request_mail("tenancy", address, content, organization_id=organization_id, about=about)
    assert events.publish(mail.writes, [mail.event])
    deliver(mail.event)
    return mail.mail_id


def deliver(event: Event) -> None:
    delivered = {"detail": asdict(event)}
    events.handle(delivered, "notifications.on_mail_requested", MailRequested, notifications.send_requested)


SAMPLE = Path(__file__).parents[3] / "events" / "samples" / "ses_bounce.json"
URL = "https://optiq.example/console/magic-link#token=op_secret&next=%3C"


@pytest.fixture
def address(table: DynamoDBClient) -> str:
    return f"{new_id('user', system_clock())}@shop.example"


@pytest.fixture(params=["SENT", "FAILED"])
def carrier(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """The outbox, or one that cannot be written."""
    folder = tmp_path / "outbox"
    if request.param == "FAILED":
        folder.write_text("a file where the folder should be")
    monkeypatch.setattr(wiring, "mailer", lambda: OutboxMailer("Optiq <o@x.example>", str(folder)))
    return str(request.param)


def _mail(mail_id: str) -> Any:
    raw = (Path(settings().mail_carrier) / f"{mail_id}.eml").read_bytes()
    return message_from_bytes(raw, policy=default)


def test_a_mail_says_the_same_as_text_and_as_html(address: str) -> None:
    mail = _mail(send(address, mails.magic_link(URL, "15 minutes")))

    assert mail["To"] == address
    assert mail["Subject"] == "Your link to sign in to Optiq"
    text = mail.get_body(("plain",)).get_content()
    html = mail.get_body(("html",)).get_content()
    assert URL in text
    assert URL.replace("&", "&amp;") in html
    for said in ("You asked for a link to sign in.", "15 minutes"):
        assert said in text
        assert said in html


def test_what_people_typed_cannot_write_html(address: str) -> None:
    content = mails.invitation("<script>Eve</script>", "R&D", "VIEWER", URL, "7 days")
    mail = _mail(send(address, content))

    html = mail.get_body(("html",)).get_content()
    assert "<script>" not in html
    assert "&lt;script&gt;Eve" in html


def test_a_subject_cannot_add_a_header(address: str) -> None:
    content = replace(mails.magic_link(URL, "an hour"), subject="Eve\r\nBcc: all@shop.example")

    send(address, content)

    assert [mail.status for mail in notifications.mails_to(address)] == ["FAILED"]


def test_a_subject_written_as_an_encoded_word_stays_as_it_is(address: str) -> None:
    subject = "=?utf-8?q?Eve=0d=0aBcc=3Aall=40b.example?="
    content = replace(mails.magic_link(URL, "an hour"), subject=subject)
    mail = _mail(send(address, content))

    assert mail["Bcc"] is None
    assert "=0d=0aBcc" in mail["Subject"]


def test_only_the_owner_may_read_the_outbox(address: str) -> None:
    mail_id = send(address, mails.no_account(URL))

    file = Path(settings().mail_carrier) / f"{mail_id}.eml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_the_log_tells_what_became_of_a_mail_but_neither_address_nor_link(
    address: str, carrier: str, table: DynamoDBClient
) -> None:
    content = mails.magic_link(URL, "15 minutes")
    send(address, content)

    (logged,) = notifications.mails_to(address.upper())
    assert (logged.status, logged.kind, logged.subject) == (carrier, "MAGIC_LINK", content.subject)
    assert bool(logged.reason) == (carrier == "FAILED")
    stored = json.dumps(table.get_item(TableName=settings().table, Key=_key(logged.delivery_id))["Item"])
    assert "op_secret" not in stored
    assert address not in stored


def test_a_bounce_is_noted_on_the_mail_it_is_about(address: str) -> None:
    mail_id = send(address, mails.no_account(URL))

    on_mail_events.handler(bounce(mail_id), None)
    on_mail_events.handler(bounce(mail_id), None)

    (logged,) = notifications.mails_to(address)
    assert (logged.status, logged.reason) == ("BOUNCED", "bounced: General")


def test_a_delivery_is_noted_but_never_over_a_bounce(address: str) -> None:
    delivered, bounced = (send(address, mails.no_account(URL)) for _ in range(2))
    on_mail_events.handler(bounce(bounced), None)

    for mail_id in (delivered, bounced):
        event = bounce(mail_id)
        event["detail"]["eventType"] = "Delivery"
        on_mail_events.handler(event, None)

    statuses = {mail.delivery_id: mail.status for mail in notifications.mails_to(address)}
    assert statuses == {delivered: "DELIVERED", bounced: "BOUNCED"}


def test_an_organizations_log_has_its_own_mails_page_by_page(address: str, organization_id: str) -> None:
    other = new_id("org", system_clock())
    content = mails.invitation("Ann", "Shop", "VIEWER", URL, "7 days")
    first, second, third = (
        send(address, content, organization_id=organization_id, about=f"invitation_{number}") for number in range(3)
    )
    send(address, content, organization_id=other)
    send(address, mails.magic_link(URL, "15 minutes"))

    status, page = _log(organization_id, "limit=2")
    _, rest = _log(organization_id, f"limit=2&cursor={page['cursor']}")

    assert status == 200
    assert [mail["mail_id"] for mail in page["items"] + rest["items"]] == [third, second, first]
    assert rest["cursor"] is None
    assert {name: rest["items"][0][name] for name in ("template", "about", "status", "reason")} == {
        "template": "INVITATION",
        "about": "invitation_0",
        "status": "SENT",
        "reason": "",
    }
    assert address not in json.dumps(page)
    assert "op_secret" not in json.dumps(page)
    assert _log(organization_id, "cursor=mine")[0] == 400


def test_what_became_of_an_organizations_mail_is_noted_in_its_log(address: str, organization_id: str) -> None:
    content = mails.invitation("Ann", "Shop", "VIEWER", URL, "7 days")
    event = bounce(send(address, content, organization_id=organization_id))
    event["detail"]["mail"]["tags"]["organization_id"] = [organization_id]

    on_mail_events.handler(event, None)

    (mail,) = _log(organization_id)[1]["items"]
    assert (mail["status"], mail["reason"]) == ("BOUNCED", "bounced: General")


def test_a_complaint_is_noted_even_after_a_bounce(address: str) -> None:
    mail_id = send(address, mails.no_account(URL))
    on_mail_events.handler(bounce(mail_id), None)
    event = bounce(mail_id)
    event["detail"] = {**event["detail"], "eventType": "Complaint", "complaint": {"complaintFeedbackType": "abuse"}}

    on_mail_events.handler(event, None)

    (logged,) = notifications.mails_to(address)
    assert (logged.status, logged.reason) == ("COMPLAINED", "complaint: abuse")


@pytest.mark.parametrize(
    "change",
    [
        {"eventType": "DeliveryDelay"},
        {"bounce": {"bounceType": "Transient"}},
        {"mail": {"tags": {}}},
        {"mail": {"tags": {"mail_id": ["mail_of_somebody_else"]}}},
    ],
)
def test_what_else_is_reported_changes_nothing(address: str, change: dict[str, Any]) -> None:
    event = bounce(send(address, mails.no_account(URL)))
    event["detail"] |= change

    on_mail_events.handler(event, None)

    assert [mail.status for mail in notifications.mails_to(address)] == ["SENT"]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "a",
        "a@",
        "@b.example",
        "a b@c.example",
        "a@b@c.example\n",
        "a\r\nBcc: x@y.example",
        "a@b_c",
        "ä@b.example",
        "a,b@c.example",
        "=?utf-8?q?eve=40d.example=2C?=@c.example",
        "a@b.example, c@d.example",
        f"{'a' * 65}@b.example",
        f"a@{'b' * 260}.example",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(InvalidError):
        mails.check_address(typed)


def test_an_address_keeps_its_spelling_but_is_found_under_any() -> None:
    assert mails.check_address(" Ann.B+x@Shop.Example ") == "Ann.B+x@shop.example"
    assert mails.address_hash("Ann@shop.example") == mails.address_hash("ann@Shop.example")


def _log(organization_id: str, query: str = "") -> tuple[int, dict[str, Any]]:
    return answer(routes.handler(request(f"/v1/mails?{query}", organization_id), None))


def bounce(mail_id: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(SAMPLE.read_text())
    event["detail"]["mail"]["tags"]["mail_id"] = [mail_id]
    return event


def _key(mail_id: str) -> dict[str, Any]:
    return {"pk": {"S": f"DELIVERY#{mail_id}"}, "sk": {"S": "DELIVERY"}}
