"""Somebody uses up the free events, chooses a plan in a browser, pays at the stand-in of Stripe, changes it, ends it,
and buys credits."""

import json
import os
import re
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from http import HTTPStatus
from pathlib import Path

import pytest
from optiq_cli import machine
from optiq_cli.client import Client
from playwright.sync_api import Browser, Page, expect

from infra.local.children import Child
from infra.local.sample.stripe_account import account
from infra.local.system import Running, running_system
from infra.local.table import free_port
from tests.browser.accessibility import fits, require_for_everybody
from tests.browser.console_people import ConsoleUser
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.system]

WEBHOOK_SECRET = "whsec_of_a_test"
"""Signs what the stand-in tells the system."""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A system that sells its plans at a stand-in of Stripe. Each test has a person and an organization of its own."""
    folder = tmp_path_factory.mktemp("plan")
    home, port, stripe_port = folder / "home", free_port(), free_port()
    home.mkdir(mode=0o700)
    file = folder / "stripe-account.json"
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600), "w") as open_file:
        open_file.write(account(stripe_port, WEBHOOK_SECRET))
    arguments = [str(home), str(stripe_port), WEBHOOK_SECRET, f"http://localhost:{port}"]
    stripe = Child("stripe", [sys.executable, "-m", "infra.local.sample.stripe_process", *arguments], {})
    stripe.start()
    try:
        with running_system(home, port, {"OPTIQ_STRIPE": str(file)}) as system:
            yield system
    finally:
        stripe.stop(5)


def test_plan_is_paid_changed_and_ended_and_credits_are_bought(browser: Browser, running: Running) -> None:
    # GIVEN an organization on the free plan
    ada = ConsoleUser(browser, running, "ada@shop.example", "Ada")
    ada.join("Hearth & Heron")
    page = ada.page
    ada.open("/console/plan")
    expect(page.get_by_role("heading", name="Free", exact=True)).to_be_visible()
    expect(page.get_by_text("$29.00 a month")).to_be_visible()

    # WHEN she pays for a plan, at first with a card that is declined
    page.get_by_role("button", name="Choose Starter").click()
    page.get_by_label("Test card").select_option(index=1)
    page.get_by_role("button", name="Pay").click()
    expect(page.get_by_text("Your card was declined.")).to_be_visible()
    page.get_by_label("Test card").select_option(index=0)
    page.get_by_role("button", name="Pay").click()

    # THEN it begins, and its invoice has a line
    expect(page.get_by_role("heading", name="Starter", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Receipt")).to_have_count(1)
    ada.open("/console/plan")
    page.get_by_role("button", name=re.compile("^Lines of OPT-")).click()
    expect(page.get_by_text("1 × Starter $29.00")).to_be_visible()

    # AND a larger one says what it costs, and is paid at once
    page.get_by_role("button", name="Choose Professional").click()
    expect(page.get_by_text("Professional begins at once.")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Pay .* and change$")).click()
    expect(page.get_by_role("heading", name="Professional", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Receipt")).to_have_count(2)

    # AND a smaller one, or none, begins later, and may be taken back
    page.get_by_role("button", name="Choose Starter").click()
    page.get_by_role("button", name="Change on that day").click()
    expect(page.get_by_text("It becomes Starter on")).to_be_visible()
    page.get_by_role("button", name="Keep the present plan").click()
    expect(page.get_by_text("It becomes Starter on")).to_be_hidden()
    page.get_by_role("button", name="Cancel the plan").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel the plan").click()
    expect(page.get_by_text("It becomes Free on")).to_be_visible()
    require_for_everybody(page)
    page.set_viewport_size({"width": 1280, "height": 800})

    # WHEN she buys a package of credits
    operator = Client(running.url, lambda: machine.operator_key(running.home.path))
    operator.post("/v1/operator/packages", {"name": "500 credits", "credits": 500, "prices": {"EUR": "49.90"}})
    ada.open("/console/credits")
    page.get_by_role("button", name="Buy 500 credits for €49.90").click()
    page.get_by_role("button", name="Pay").click()

    # THEN they are hers
    expect(page.get_by_text("Bought; expire")).to_be_visible()


LIMIT, SENT = 1_000, 800
"""Of the free plan, so that a test need not send 40,000 events; 80 % of it."""
_A_REQUEST = 200


@pytest.mark.slow
def test_free_events_run_low_and_a_plan_gives_room(browser: Browser, running: Running) -> None:
    """The whole way: sign up, use 80 % of the free events, be told, pay, see the invoice to the event, cancel."""
    bea = ConsoleUser(browser, running, "bea@lamp.example", "Bea")
    bea.sign_up()
    page = bea.page
    bea.make_organization("Lamp & Lantern")

    # GIVEN 80 % of the free events
    operator = Client(running.url, lambda: machine.operator_key(running.home.path))
    organization_id = _organization(operator, "Lamp & Lantern")
    _limit(operator, organization_id, LIMIT)
    write_key = _new_site(operator, organization_id)
    for first in range(0, SENT, _A_REQUEST):
        _send(running, write_key, first)
    wait_until(lambda: bea.ask("GET", "/v1/billing/usage")["events"] == SENT, "every event is counted")

    # THEN the page says so with what to do, and so does a mail
    bea.open("/console/plan")
    expect(page.get_by_text("80 % of the events of your plan are used. A larger plan has room")).to_be_visible()
    expect(page.get_by_text("800 of 1,000 so far.")).to_be_visible()
    wait_until(lambda: _mails(running, "80 % of the events of this month are used"), "the mail about 80 %")
    _picture(page, "used")

    # WHEN she pays for a plan, THEN what she may do follows within seconds
    _limit(operator, organization_id, None)
    page.get_by_role("button", name="Choose Starter").click()
    page.get_by_role("button", name="Pay").click()
    paid_at = time.monotonic()
    expect(page.get_by_role("heading", name="Starter", exact=True)).to_be_visible()
    waited = time.monotonic() - paid_at
    expect(page.get_by_text("of 1,000,000 so far.")).to_be_visible()
    wait_until(lambda: _mails(running, "Your plan Starter has begun"), "the mail with the receipt")
    print(f"the plan began {waited:.1f} s after the payment")

    # AND the invoice opens to every event of its time
    used = bea.ask("GET", "/v1/billing/usage")
    page.get_by_role("button", name=re.compile("^Lines of OPT-")).click()
    page.get_by_text(f"{used['events']:,} events so far").click()
    for parts in ("days", "sites", "workspaces", "tokens"):
        assert sum(one["events"] for one in used[parts]) == used["events"]
    _picture(page, "invoice")

    # AND another plan can be held beside it
    page.get_by_role("button", name="Compare with what you paid").click()
    expect(page.get_by_text("There is no month yet that is over and has events.")).to_be_visible()

    # WHEN she cancels, THEN the page and a mail say when it ends, and nothing changes before
    page.get_by_role("button", name="Cancel the plan").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel the plan").click()
    expect(page.get_by_text("It becomes Free on")).to_be_visible()
    expect(page.get_by_role("heading", name="Starter", exact=True)).to_be_visible()
    wait_until(lambda: _mails(running, "Your plan Starter ends on"), "the mail about the end")
    assert fits(page)
    _picture(page, "canceled")


@pytest.mark.slow
def test_staff_create_a_coupon_and_see_that_all_is_right_at_stripe(browser: Browser, running: Running) -> None:
    cleo = ConsoleUser(browser, running, "cleo@kite.example", "Cleo")
    cleo.join("Kite & Key")
    operator = Client(running.url, lambda: machine.operator_key(running.home.path))
    operator.post("/v1/operator/staff", {"email": cleo.email})
    cleo.secret = cleo.ask("POST", "/v1/me/two-factor", {"password": cleo.password})["secret"]
    cleo.ask("POST", "/v1/me/two-factor/confirm", {"code": cleo.app_code()})
    cleo.open("/console/system-billing")
    page = cleo.page
    expect(page.get_by_text("All are right.")).to_be_visible()
    page.get_by_label("Code").fill("autumn-10")
    page.get_by_label("What it is for").fill("Fair")
    page.get_by_label("Percent").fill("12.5")
    page.get_by_role("button", name="Create the coupon").click()
    expect(page.get_by_text("12.5 % off the first invoice; all plans; used 0 times")).to_be_visible()
    assert fits(page)
    assert cleo.strayed == []


def _organization(operator: Client, name: str) -> str:
    found = operator.get("/v1/operator/organizations")["items"]
    (organization_id,) = [one["organization_id"] for one in found if one["name"] == name]
    return str(organization_id)


def _limit(operator: Client, organization_id: str, events: int | None) -> None:
    """Gives an organization another limit than its plan's."""
    operator.patch("/v1/operator/billing/terms", {"organization_id": organization_id, "monthly_events": events})


def _new_site(operator: Client, organization_id: str) -> str:
    """A site of the organization; returns its write key."""
    site = {"organization_id": organization_id, "name": "Shop", "domains": ["shop.example"]}
    key: str = operator.post("/v1/operator/sites", site)["write_key"]
    return key


def _send(running: Running, write_key: str, first: int) -> None:
    """Sends a part of the events, again where it came too fast."""
    events = [
        {"type": "track", "event": "Seen", "messageId": f"m{number}", "anonymousId": f"a{number % 50}"}
        for number in range(first, first + _A_REQUEST)
    ]
    body = json.dumps({"writeKey": write_key, "batch": events}).encode()
    request = urllib.request.Request(f"{running.url}/v1/batch", body, {"content-type": "application/json"})
    while True:
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                assert answer.status == 200
                return
        except urllib.error.HTTPError as error:
            if error.code != HTTPStatus.TOO_MANY_REQUESTS:
                raise
            time.sleep(float(error.headers["retry-after"]))


def _mails(running: Running, subject: str) -> list[Path]:
    return [one for one in (running.home.path / "outbox").glob("*.eml") if subject in _subject(one)]


def _subject(mail: Path) -> str:
    return str(message_from_bytes(mail.read_bytes(), policy=default)["subject"])


def _picture(page: Page, name: str) -> None:
    """Kept where a person asks for it, to look at."""
    if folder := os.environ.get("OPTIQ_PICTURES"):
        page.screenshot(path=f"{folder}/plan-{name}.png", full_page=True)
