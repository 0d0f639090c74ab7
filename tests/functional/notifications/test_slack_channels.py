"""Messages to Slack: within its limits, in order, as text, and many at once as one."""

import json
from typing import Any

import pytest
from optiq.kernel.clock import MINUTE_MS, SECOND_MS
from optiq.notifications.channels import api as channels
from optiq.notifications.contracts import Message
from optiq.notifications.integrating import api as integrating

from tests.functional.notifications.conftest import Sender
from tests.functional.notifications.receivers import Receiver


def texts(body: Any) -> list[str]:
    return [block["text"]["text"] for block in body["blocks"]]


@pytest.fixture
def slack(sender: Sender, receiver: Receiver) -> str:
    return sender.channel(receiver, "SLACK").channel.channel_id


def ask(sender: Sender, about: str, **fields: Any) -> None:
    sender.ask(about=about, user_ids=(), to_channels=True, message=Message(f"About {about}"), **fields)


def test_a_busy_channel_is_tried_when_it_says_and_the_order_is_kept(
    sender: Sender, receiver: Receiver, slack: str
) -> None:
    receiver.answering(429, 200, retry_after="30")
    for number in range(3):
        sender.now_ms += 1
        ask(sender, f"alert_{number}")
    assert len(receiver.requests) == 1

    sender.sweep(29 * SECOND_MS)
    assert len(receiver.requests) == 1
    sender.sweep(3 * SECOND_MS)

    titles = [texts(body)[0] for body in receiver.bodies]
    assert titles == ["About alert_0", "About alert_0", "About alert_1", "About alert_2"]
    assert all(one.status == "SENT" for one in integrating.list_deliveries(sender.company.actor(), slack).items)


def test_a_message_of_sixty_contributors_fits_and_links_to_all_of_it(
    sender: Sender, receiver: Receiver, slack: str
) -> None:
    points = tuple(f"Campaign {number} {'x' * 300}: 10 instead of 100" for number in range(60))
    message = Message(
        "Orders were 52", ("It has lasted 3 days.",), points, "See the alert", "https://optiq.example/a?b=1"
    )
    sender.ask(user_ids=(), to_channels=True, message=message)

    (body,) = receiver.bodies
    assert len(body["blocks"]) <= 50
    assert sum(map(len, texts(body))) <= 10_000
    assert len(json.dumps(body)) < 13_000
    assert "<https://optiq.example/a?b=1|See the alert>" in texts(body)[-1]
    assert body["text"] == "Orders were 52"


def test_a_name_arrives_as_text(sender: Sender, receiver: Receiver, slack: str) -> None:
    sender.ask(user_ids=(), to_channels=True, message=Message("Down", ("Site <!channel> & *x*",)))

    (body,) = receiver.bodies
    assert texts(body)[1].replace("\u200b", "") == "Site &lt;!channel&gt; &amp; *x*"


def test_a_thousand_alerts_of_one_sweep_are_one_message(sender: Sender, receiver: Receiver, slack: str) -> None:
    for number in range(1_000):
        ask(sender, f"alert_{number}", severity="WARNING")
    sender.sweep(30 * SECOND_MS)
    assert not receiver.requests
    for _ in range(3):
        sender.sweep(MINUTE_MS)

    (body,) = receiver.bodies
    assert texts(body)[0] == "1,000 alerts"
    assert "and 980 more" in texts(body)[-1]
    statuses = [one.status for one in integrating.list_deliveries(sender.company.actor(), slack, limit=100).items]
    assert (statuses.count("SENT"), set(statuses)) == (1, {"SENT", "DIGESTED"})


def test_more_than_five_in_ten_minutes_become_one_and_a_critical_one_does_not_wait_for_that(
    sender: Sender, receiver: Receiver, slack: str
) -> None:
    for number in range(5):
        ask(sender, f"alert_{number}", severity="WARNING")
    sender.sweep(MINUTE_MS)
    assert len(receiver.requests) == 5
    for number in range(5, 9):
        ask(sender, f"alert_{number}", severity="WARNING")
    sender.sweep(2 * MINUTE_MS)
    assert len(receiver.requests) == 5
    ask(sender, "alert_critical")
    assert texts(receiver.bodies[-1])[0] == "About alert_critical"
    sender.sweep(8 * MINUTE_MS)
    assert texts(receiver.bodies[-1])[0] == "4 alerts"


@pytest.mark.parametrize(("status", "off"), [(404, True), (410, True), (403, True), (400, False)])
def test_a_webhook_that_is_no_more_is_switched_off_and_a_message_of_ours_is_not_tried_again(
    sender: Sender, receiver: Receiver, slack: str, status: int, off: bool
) -> None:
    receiver.answering(status)
    ask(sender, "alert_1")
    sender.sweep(10 * MINUTE_MS)

    assert len(receiver.requests) == 1
    (delivery,) = integrating.list_deliveries(sender.company.actor(), slack).items
    assert (delivery.status, delivery.answer) == ("FAILED", status)
    assert (channels.get_channel(sender.company.actor(), slack).status == "DISABLED") is off


def test_a_channel_gets_what_is_severe_enough_of_its_site_and_kind(sender: Sender, receiver: Receiver) -> None:
    sender.channel(receiver, "SLACK", least="CRITICAL", takes=["alert"])
    ask(sender, "alert_1", severity="WARNING")
    ask(sender, "channel_1", kind="channel")
    sender.sweep(2 * MINUTE_MS)
    assert not receiver.requests

    ask(sender, "alert_2")
    assert len(receiver.requests) == 1
