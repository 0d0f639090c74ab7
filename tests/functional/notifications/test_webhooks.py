"""Webhooks: signed, tried again by the schedule, switched off, sent again; and nothing inside can be reached."""

import socket
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any

import pytest
from optiq.alerts.contracts import AlertNoticed
from optiq.events import api as events
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, system_clock
from optiq.kernel.errors import ConflictError, InvalidError, NotFoundError
from optiq.kernel.events import ConversionRecorded
from optiq.kernel.ids import new_id
from optiq.kernel.outside_targets import resolved
from optiq.notifications.carriers import receivers
from optiq.notifications.channels import api as channels
from optiq.notifications.channels.stores import CHANNELS
from optiq.notifications.contracts import Delivery
from optiq.notifications.integrating import api as integrating
from optiq.notifications.outbox import records
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from tests.functional.notifications.conftest import Carrier, Sender
from tests.functional.notifications.receivers import Receiver
from tests.functional.subscribers import deliver_events

ALERT = AlertNoticed("site_1", "alert_1", "TRIGGERED", "2026-11-24")


class _Killed(BaseException):
    """The process ends here."""


def publish(sender: Sender, fact: Any = ALERT) -> None:
    event = events.event_of("alerts", sender.organization_id, fact, sender.now_ms)
    integrating.publish(event, type(fact), sender.now_ms)


def only(sender: Sender, channel_id: str) -> Delivery:
    (found,) = integrating.list_deliveries(sender.company.actor(), channel_id).items
    return found


def verified(secret: str, request: tuple[dict[str, str], bytes], body: bytes | None = None) -> Any:
    headers, sent = request
    return Webhook(secret).verify(sent if body is None else body, headers)


def test_an_event_verifies_with_a_standard_webhooks_library_and_a_changed_or_old_one_does_not(
    sender: Sender, receiver: Receiver
) -> None:
    secret = sender.channel(receiver).secret
    publish(sender)

    (request,) = receiver.requests
    assert len(b64decode(secret.removeprefix("whsec_"))) >= 24
    assert verified(secret, request) == {
        "type": "alert.triggered",
        "timestamp": receiver.bodies[0]["timestamp"],
        "data": {"site_id": "site_1", "alert_id": "alert_1", "notice": "TRIGGERED", "period": "2026-11-24"},
    }
    with pytest.raises(WebhookVerificationError):
        verified(secret, request, request[1].replace(b"alert_1", b"alert_2"))
    sender.now_ms -= 6 * MINUTE_MS
    publish(sender)
    with pytest.raises(WebhookVerificationError):
        verified(secret, receiver.requests[-1])


def test_both_secrets_verify_for_a_day_after_a_change(sender: Sender, receiver: Receiver) -> None:
    old = sender.channel(receiver)
    new = channels.rotate_secret(sender.company.actor(), old.channel.channel_id, clock=lambda: sender.now_ms)
    publish(sender)
    for secret in (old.secret, new.secret):
        assert verified(secret, receiver.requests[-1])

    channel = CHANNELS.find(sender.organization_id, old.channel.channel_id)
    assert channel
    assert channel.old_until_ms == sender.now_ms + DAY_MS
    changed = CHANNELS.change(
        sender.company.actor(), channel, type(channel)(**{**_fields(channel), "old_until_ms": sender.now_ms})
    )
    assert changed.version > channel.version
    publish(sender)
    assert verified(new.secret, receiver.requests[-1])
    with pytest.raises(WebhookVerificationError):
        verified(old.secret, receiver.requests[-1])


def _fields(channel: Any) -> dict[str, Any]:
    return {name: getattr(channel, name) for name in channel.__dataclass_fields__}


def test_two_failures_and_a_success_are_three_attempts_at_the_times_of_the_schedule(
    sender: Sender, receiver: Receiver
) -> None:
    channel = sender.channel(receiver).channel
    receiver.answering(500, 500, 200)
    publish(sender)

    waited = []
    for schedule_ms in (5 * SECOND_MS, 5 * MINUTE_MS):
        found = only(sender, channel.channel_id)
        assert (found.status, found.answer) == ("PENDING", 500)
        waited.append((found.next_ms - sender.now_ms) / schedule_ms)
        sender.sweep(found.next_ms - sender.now_ms - 1)
        assert len(receiver.requests) == len(waited)
        sender.sweep(1)

    found = only(sender, channel.channel_id)
    assert (found.status, found.attempts, found.answer) == ("SENT", 3, 200)
    assert all(1 <= share <= 1.2 for share in waited)
    assert len(set(receiver.ids)) == 1


def test_a_process_killed_after_the_receiver_took_it_sends_one_copy_more_with_the_same_id(
    sender: Sender, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = sender.channel(receiver).channel
    with monkeypatch.context() as patch:

        def killed(*_: object, **__: object) -> None:
            raise _Killed

        patch.setattr(records, "settle", killed)
        with pytest.raises(_Killed):
            publish(sender)
    sender.sweep(MINUTE_MS)
    assert len(receiver.requests) == 1
    for _ in range(3):
        sender.sweep(2 * MINUTE_MS)

    assert (len(receiver.requests), len(set(receiver.ids))) == (2, 1)
    assert only(sender, channel.channel_id).status == "SENT"


def test_an_answer_of_gone_switches_it_off_and_tells_its_owner_once(
    sender: Sender, receiver: Receiver, carrier: Carrier
) -> None:
    channel = sender.channel(receiver).channel
    receiver.answering(410)
    publish(sender)
    publish(sender)
    deliver_events()
    sender.sweep(2 * MINUTE_MS)
    deliver_events()

    off = channels.get_channel(sender.company.actor(), channel.channel_id)
    assert (off.status, "410" in off.reason, len(receiver.requests)) == ("DISABLED", True, 1)
    assert [mail.subject for mail in carrier.to(sender.company.owner)] == ["A channel for messages was switched off"]
    with pytest.raises(ConflictError, match="turn the channel on"):
        integrating.send_test(sender.company.actor(), channel.channel_id)

    receiver.answering(200)
    channels.change_channel(sender.company.actor(), channel.channel_id, {"status": "ACTIVE"})
    publish(sender)
    assert len(receiver.requests) == 2


def test_five_days_of_failures_switch_it_off(sender: Sender, receiver: Receiver) -> None:
    channel = sender.channel(receiver).channel
    receiver.answering(503)
    publish(sender)
    for _ in range(19):
        sender.sweep(6 * HOUR_MS)
        publish(sender)
    assert channels.get_channel(sender.company.actor(), channel.channel_id).status == "ACTIVE"
    sender.sweep(6 * HOUR_MS)

    off = channels.get_channel(sender.company.actor(), channel.channel_id)
    assert (off.status, "five days" in off.reason) == ("DISABLED", True)


def test_a_receiver_that_fails_is_tried_by_the_sweep_alone(sender: Sender, receiver: Receiver) -> None:
    sender.channel(receiver)
    receiver.answering(500)
    publish(sender)
    sender.now_ms += 1
    publish(sender)
    assert len(receiver.requests) == 1

    receiver.answering(200)
    sender.sweep(10 * SECOND_MS)
    assert len(set(receiver.ids)) == 2


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "https://169.254.169.254/",
        "https://localhost/hook",
        "https://127.0.0.1/hook",
        "https://[::1]/hook",
        "https://[::ffff:10.0.0.1]/hook",
        "https://10.1.2.3/hook",
        "http://example.com/hook",
        "https://user:secret@example.com/hook",
    ],
)
def test_an_address_inside_is_refused_when_it_is_set(sender: Sender, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "create_connection", _unconnected)
    with pytest.raises(InvalidError, match=r"^url: "):
        channels.create_channel(sender.company.actor(), kind="WEBHOOK", name="x", url=url, takes=["alert.triggered"])


def _unconnected(*_: object, **__: object) -> None:
    raise AssertionError("nothing connects")


def test_a_name_that_leads_inside_later_is_refused_without_a_connection(
    sender: Sender, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = sender.channel(receiver).channel
    posts: list[object] = []
    monkeypatch.setattr(receivers, "post", lambda *args: posts.append(args))
    inside = [ip_address("10.0.0.7")]
    monkeypatch.setattr(receivers, "target_of", _resolving(receivers.target_of, inside))
    publish(sender)

    found = only(sender, channel.channel_id)
    assert (found.status, posts, receiver.requests) == ("FAILED", [], [])
    assert "nothing was sent" in found.reason


def _resolving(target_of: Any, addresses: Any) -> Any:
    return lambda url, networks: target_of(url, networks, lambda _host, _port: addresses)


def test_a_name_resolves_as_the_system_says() -> None:
    assert ip_address("127.0.0.1") in resolved("localhost", 80)


def test_only_what_a_channel_takes_is_sent_to_it_and_only_of_its_site(sender: Sender, receiver: Receiver) -> None:
    sender.channel(receiver, takes=["alert.resolved"])
    publish(sender)
    assert not receiver.requests

    publish(sender, AlertNoticed("site_1", "alert_1", "RESOLVED", "2026-11-25"))
    assert [body["type"] for body in receiver.bodies] == ["alert.resolved"]


def test_an_event_is_sent_again_under_its_id(sender: Sender, receiver: Receiver) -> None:
    channel = sender.channel(receiver).channel
    publish(sender)
    first = only(sender, channel.channel_id)
    again = integrating.redeliver(sender.company.actor(), channel.channel_id, first.delivery_id)

    assert (again.status, again.delivery_id) == ("SENT", first.delivery_id)
    assert (len(receiver.requests), len(set(receiver.ids))) == (2, 1)
    assert receiver.bodies[0] == receiver.bodies[1]


def test_a_delivery_of_another_organization_is_not_there(sender: Sender, receiver: Receiver) -> None:
    channel = sender.channel(receiver).channel
    publish(sender)
    delivery_id = only(sender, channel.channel_id).delivery_id
    stranger = Caller(new_id("org", system_clock()), "user_eve", "user_eve")

    with pytest.raises(NotFoundError):
        integrating.redeliver(stranger, channel.channel_id, delivery_id)
    with pytest.raises(NotFoundError):
        integrating.list_deliveries(stranger, channel.channel_id)
    other = sender.channel(receiver).channel
    with pytest.raises(NotFoundError):
        integrating.redeliver(sender.company.actor(), other.channel_id, delivery_id)
    assert len(receiver.requests) == 1


def test_a_conversion_is_sent_once_however_often_it_is_recorded_and_an_imported_one_is_not(
    sender: Sender, receiver: Receiver
) -> None:
    sender.channel(receiver, takes=["conversion.recorded"])
    new, old = new_id("conv", sender.now_ms), new_id("conv", sender.now_ms - 6 * DAY_MS)
    for conversion_id in (new, new, old):
        message = ConversionRecorded(
            organization_id=sender.organization_id, site_id="site_1", customer_id="cus_1", conversion_id=conversion_id
        )
        integrating.publish_conversions([message], lambda: sender.now_ms)
    sender.sweep()

    assert [body["data"]["conversion_id"] for body in receiver.bodies] == [new]


def test_the_secret_is_not_in_the_audit_log_and_the_address_is_masked(sender: Sender, receiver: Receiver) -> None:
    channel = sender.channel(receiver).channel

    assert channel.shown_url == f"http://127.0.0.1:{receiver.port}/…part"
    assert "secret-part" not in channel.sealed_url


def test_a_test_message_says_what_came_of_it(sender: Sender, receiver: Receiver) -> None:
    channel = sender.channel(receiver).channel
    receiver.answering(200, 302)
    sent = integrating.send_test(sender.company.actor(), channel.channel_id)
    refused = integrating.send_test(sender.company.actor(), channel.channel_id)

    assert (sent.status, refused.status, refused.answer) == ("SENT", "PENDING", 302)
    assert receiver.bodies[0]["type"] == "optiq.test"


def test_time_of_signature_is_that_of_the_attempt(sender: Sender, receiver: Receiver) -> None:
    sender.channel(receiver)
    receiver.answering(500, 200)
    publish(sender)
    sender.sweep(10 * SECOND_MS)

    first, second = (int(headers["webhook-timestamp"]) for headers, _ in receiver.requests)
    assert second - first == 10
    assert abs(datetime.fromtimestamp(first, UTC) - datetime.now(UTC)) < timedelta(minutes=5)
