"""Somebody redeems a voucher in a browser, and sees where their credits come from and go to."""

import pytest
from playwright.sync_api import Browser, expect

from infra.local.system import Running
from tests.browser.accessibility import require_for_everybody
from tests.browser.console_people import ConsoleUser
from tests.functional.cli.runner import Operator

pytestmark = [pytest.mark.browser, pytest.mark.system, pytest.mark.slow]


def test_voucher_is_redeemed_and_its_credits_are_seen_in_the_history(browser: Browser, running: Running) -> None:
    # GIVEN a voucher, and somebody with an organization
    operator = Operator(running.home.path)
    created = operator("credits", "voucher", "create", "SPRING-25", "--name", "Spring <b>fair</b>", "--credits", "250")
    assert created.exit_code == 0, created.stderr
    ada = ConsoleUser(browser, running, "ada.credits@shop.example", "Ada")
    ada.sign_up()
    ada.make_organization("Hearth & Heron")
    organization_id = ada.ask("GET", "/v1/organization")["organization_id"]
    ada.open("/console/credits")
    expect(ada.page.get_by_role("heading", name="No change yet")).to_be_visible()

    # WHEN she redeems it, first with a wrong code
    ada.page.get_by_label("Code").fill("SUMMER-25")
    ada.page.get_by_role("button", name="Redeem").click()
    expect(ada.page.get_by_text("there is no such voucher")).to_be_visible()
    ada.page.get_by_label("Code").fill(" spring-25 ")
    ada.page.get_by_role("button", name="Redeem").click()

    # THEN she has its credits, and the history says what for
    expect(ada.page.get_by_text("250 credits were added.")).to_be_visible()
    expect(ada.page.get_by_text("Spring <b>fair</b>")).to_be_visible()
    taken = operator("credits", "adjust", organization_id, "-50", "--note", "a mistake")
    assert taken.exit_code == 0, taken.stderr
    ada.open("/console/credits")
    expect(ada.page.get_by_text("Taken by the operator")).to_be_visible()
    expect(ada.page.get_by_text("200 credits", exact=True)).to_be_visible()
    ada.page.get_by_role("button", name="Check that it is whole").click()
    expect(ada.page.get_by_text("All 2 entries are whole.")).to_be_visible()

    # AND the page is for everybody
    require_for_everybody(ada.page)
    assert ada.strayed == []
