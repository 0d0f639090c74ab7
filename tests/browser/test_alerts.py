"""An alert from the rule to its end, and where messages go, as somebody in the console sees them."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from playwright.sync_api import Browser, Locator, expect

from infra.local.system import Running
from tests.browser.console_people import MARKUP, ConsoleUser
from tests.functional.notifications.receivers import Receiver, receiving
from tests.support.sweeping import sweep
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.system]

OTHERS = {1: 90, 2: 120, 10: 640, 20: 520}
"""What ads cost so many days ago."""


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture(scope="module")
def mara(browser: Browser, running: Running) -> Iterator[ConsoleUser]:
    """A marketer with a shop whose ads cost something each day."""
    person = ConsoleUser(browser, running, "mara.alerts@shop.example", "Mara")
    person.join("Alert House")
    person.ask("POST", "/v1/sites", {"name": "Shop", "domains": ["shop.example"]})
    costs(person, OTHERS)
    yield person
    assert person.strayed == []
    person.context.close()


def costs(person: ConsoleUser, days: dict[int, float]) -> None:
    today = datetime.now(UTC).date()
    lines = [f"{today - timedelta(days=back)},meta,paid,spring,{cost},EUR" for back, cost in days.items()]
    table = "\n".join(["date,source,medium,campaign,cost,currency", *lines])
    person.ask("POST", f"/v1/sites/{site_of(person)}/ad-metrics/import", {"csv": table})


def site_of(person: ConsoleUser) -> str:
    return str(person.ask("GET", "/v1/sites")["items"][0]["site_id"])


def judge(person: ConsoleUser) -> None:
    """Sweeps until an alert begins or ends: a number that was asked for is given again for some seconds."""
    wait_until(lambda: _judged(person) == 1, "an alert began or ended")


def _judged(person: ConsoleUser) -> int:
    (mine,) = person.ask("GET", "/v1/organizations")["items"]
    return sweep(person.running, mine["organization"]["organization_id"], site_of(person))


def subjects(person: ConsoleUser) -> list[str]:
    mails = sorted((person.running.home.path / "outbox").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    found = [message_from_bytes(mail.read_bytes(), policy=default) for mail in mails]
    return [plain(str(mail["subject"])) for mail in found if person.email in str(mail["to"])]


def plain(text: str) -> str:
    """With blanks that may break, and without the one that a folded header begins with."""
    return text.replace("\u00a0", " ").strip()


def region(person: ConsoleUser, name: str) -> Locator:
    return person.page.get_by_role("region", name=name)


def test_an_alert_is_told_looked_after_and_over_by_itself(mara: ConsoleUser) -> None:
    # GIVEN a rule that Mara wrote after seeing what it would have done in 90 days
    page = mara.page
    mara.open("/console/alert-rules")
    page.get_by_label("What to watch").select_option("SPEND_THRESHOLD")
    page.get_by_label("Above, in EUR").fill("500")
    # Of one campaign: its days are asked of the lake, and wait for no rollup.
    page.get_by_label("Of", exact=True).select_option("campaign")
    page.get_by_label("Which is").fill("spring")
    page.get_by_role("button", name="What would it have done?").click()
    expect(page.get_by_text("It would have made 2 alerts in the last 90 days.")).to_be_visible()
    page.get_by_label("Severity").select_option("CRITICAL")
    page.get_by_role("button", name="Create the rule").click()
    expect(page.get_by_text("Not judged yet")).to_be_visible()

    # WHEN ads cost more today than she allows
    costs(mara, {0: 610})
    judge(mara)

    # THEN her bell rings, and a mail says the same in one sentence
    mara.open("/console")
    page.get_by_role("button", name="1 unread notice").click()
    notice = page.locator(".bell-list").get_by_role("link")
    sentence = plain(notice.inner_text())
    assert re.fullmatch(r"Spend on .* is 610\.00 EUR; the threshold is 500\.00 EUR( \(above all .*\))?", sentence)
    wait_until(lambda: sentence in subjects(mara), "the mail of the alert")

    # WHEN she follows it and acknowledges it
    notice.click()
    page.wait_for_url("**/console/alerts?*alert=*")
    alert = region(mara, "The alert")
    expect(alert).to_contain_text(sentence)
    alert.get_by_role("button", name="Acknowledge").click()
    expect(alert.get_by_text("Looked after")).to_be_visible()
    expect(page.get_by_role("button", name="Notices")).to_be_visible()

    # AND the costs turn out to be as usual THEN it ends by itself
    costs(mara, {0: 100})
    judge(mara)
    page.reload()
    expect(alert.get_by_text("It is back to usual.")).to_be_visible()
    expect(alert.get_by_role("button", name="Acknowledge")).to_have_count(0)
    wait_until(lambda: f"Over: {sentence}" in subjects(mara), "the mail of its end")

    # WHEN she changes the threshold after seeing what another would have done
    page.get_by_role("link", name="Change the rule").click()
    form = page.get_by_role("form", name="Change Spend passes an amount")
    form.get_by_label("Above, in EUR").fill("600")
    form.get_by_role("button", name="What would it have done?").click()
    expect(form.get_by_text("It would have made 1 alert in the last 90 days.")).to_be_visible()
    form.get_by_role("button", name="Save the rule").click()
    expect(page.get_by_text("The rule is saved.")).to_be_visible()
    (rule,) = mara.ask("GET", f"/v1/sites/{site_of(mara)}/alert-rules")["items"]
    assert rule["spend_micros"] == 600_000_000


def test_a_time_that_is_not_as_usual_is_written_and_removed(mara: ConsoleUser) -> None:
    mara.open("/console/alert-rules")
    windows = region(mara, "Maintenance windows")
    windows.get_by_label("Name").fill(MARKUP)
    windows.get_by_label("From, in").fill("2030-11-29T00:00")
    windows.get_by_label("Until").fill("2030-11-30T00:00")
    windows.get_by_role("button", name="Add the window").click()
    expect(windows.get_by_role("listitem")).to_contain_text("left out")
    expect(windows.get_by_role("listitem")).to_contain_text(MARKUP)

    windows.get_by_role("button", name=f"Remove {MARKUP}").click()
    expect(windows.get_by_text("None yet.")).to_be_visible()


def test_a_webhook_is_added_tried_and_sent_an_event_again(mara: ConsoleUser, receiver: Receiver) -> None:
    page = mara.page
    mara.open("/console/message-channels")
    page.get_by_label("Kind").select_option("WEBHOOK")
    page.get_by_label("Name").fill(MARKUP)
    page.get_by_label("Address").fill(receiver.url)
    page.get_by_role("button", name="Add the channel").click()
    expect(page.locator(".secret")).to_have_text(re.compile("^whsec_"))

    # A receiver that fails says so.
    receiver.answering(500, 200)
    page.get_by_role("button", name=f"Send a test message to {MARKUP}").click()
    expect(page.get_by_text("The test message was not taken")).to_be_visible()
    page.get_by_role("button", name=f"Send a test message to {MARKUP}").click()
    expect(page.get_by_text("The test message has arrived.")).to_be_visible()

    # The log has both, and what arrived is sent again under its id.
    page.get_by_role("button", name=f"What was sent to {MARKUP}").click()
    expect(page.get_by_text("Waits", exact=True)).to_be_visible()
    page.get_by_role("button", name=re.compile("^Send .* again$")).click()
    expect(page.get_by_text("The event was taken.")).to_be_visible()
    assert len(receiver.ids) == 3
    assert receiver.ids[1] == receiver.ids[2]


def test_somebody_chooses_what_they_are_notified_of(mara: ConsoleUser) -> None:
    page = mara.page
    mara.open("/console/notifications")
    own = region(mara, "For you")
    own.get_by_label("By mail").first.select_option("Once a day, at 08:00")
    own.get_by_label("Quiet from").fill("22:00")
    own.get_by_label("Quiet until").fill("07:00")
    own.get_by_label("Timezone").fill("Europe/Berlin")
    own.get_by_role("button", name="Save the notifications").click()
    expect(page.get_by_text("The notifications are saved.")).to_be_visible()

    page.reload()
    expect(own.get_by_label("By mail").first).to_have_value("DIGEST")
    expect(own.get_by_label("Quiet from")).to_have_value("22:00")
    expect(own.get_by_label("Timezone")).to_have_value("Europe/Berlin")
