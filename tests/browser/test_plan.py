"""Somebody chooses a plan in a browser, pays at the stand-in of Stripe, changes it, ends it, and buys credits."""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from optiq_cli import machine
from optiq_cli.client import Client
from playwright.sync_api import Browser, expect

from infra.local.children import Child
from infra.local.sample.stripe_account import account
from infra.local.system import Running, running_system
from infra.local.table import free_port
from tests.browser.console_people import ConsoleUser
from tests.browser.test_console_quality import AXE, DRAWN_WIDTH, violations

pytestmark = [pytest.mark.browser, pytest.mark.system]

WEBHOOK_SECRET = "whsec_of_a_test"
"""Signs what the stand-in tells the system."""


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """A system that sells its plans at a stand-in of Stripe."""
    home, port, stripe_port = tmp_path / "home", free_port(), free_port()
    home.mkdir(mode=0o700)
    file = tmp_path / "stripe-account.json"
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
    if AXE.exists():
        assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate(DRAWN_WIDTH) <= 320
    page.set_viewport_size({"width": 1280, "height": 800})

    # WHEN she buys a package of credits
    operator = Client(running.url, lambda: machine.operator_key(running.home.path))
    operator.post("/v1/operator/packages", {"name": "500 credits", "credits": 500, "prices": {"EUR": "49.90"}})
    ada.open("/console/credits")
    page.get_by_role("button", name="Buy 500 credits for €49.90").click()
    page.get_by_role("button", name="Pay").click()

    # THEN they are hers
    expect(page.get_by_text("Bought; expire")).to_be_visible()
