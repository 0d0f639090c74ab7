"""The console in a real browser, with the mails' links: what people do in it from the sign-up to a report."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from functions.console import pages as console_pages
from infra.local.system import Running
from tests.browser.console_people import MARKUP, OTHER_PASSWORD, ConsoleUser, sell
from tests.support.examples import some_and_slow
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.system]

PAGES = sorted(json.loads((Path(console_pages.__file__).parent / "served/pages.json").read_text())["pages"])
Newcomer = Callable[..., ConsoleUser]


@pytest.fixture
def newcomer(browser: Browser, running: Running, request: pytest.FixtureRequest) -> Iterator[Newcomer]:
    """Makes people whom nobody knows; at the end nothing may have happened that should not."""
    made: list[ConsoleUser] = []

    def make(name: str) -> ConsoleUser:
        email = f"{name.split()[0].lower()}.{request.node.name.partition('[')[0][5:40]}@shop.example"
        made.append(ConsoleUser(browser, running, email, name))
        return made[-1]

    yield make
    for person in made:
        assert person.strayed == []
        person.context.close()


def turn_on_two_factor(person: ConsoleUser) -> None:
    person.open("/console/account")
    section = person.page.get_by_role("region", name="Two-factor sign-in")
    section.get_by_label("Password", exact=True).fill(person.password)
    section.get_by_role("button", name="Set it up").click()
    picture = section.get_by_role("img", name="QR code")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth > 100")
    person.secret = section.locator("code").inner_text().replace(" ", "")
    section.get_by_label("Code", exact=True).fill(person.app_code())
    section.get_by_role("button", name="Turn it on").click()
    expect(section.get_by_role("heading", name="Your recovery codes")).to_be_focused()
    person.recovery_codes = section.get_by_role("listitem").all_inner_texts()
    assert len(set(person.recovery_codes)) == 10
    section.get_by_role("button", name="I have saved them").click()
    expect(section.get_by_text("On", exact=True)).to_be_visible()


def test_from_the_sign_up_to_a_viewer_who_reads_a_report_and_changes_nothing(newcomer: Newcomer) -> None:
    # Given Olga, who signs up, turns on two-factor sign-in, and signs in again with both factors
    olga = newcomer(f"Olga {MARKUP}")
    olga.sign_up()
    olga.make_organization(f"Hearth {MARKUP}")
    turn_on_two_factor(olga)
    olga.sign_out()
    olga.page.wait_for_url("**/console/sign-in")
    olga.sign_in()
    olga.type_code(olga.recovery_codes[0])
    expect(olga.page.get_by_role("heading", name="Create your first site")).to_be_visible()
    channel = sell(olga, "friend")

    # When she invites Vic as a viewer, who is nobody here yet, and comes back by the link of another mail
    olga.open("/console/organization")
    vic = newcomer(f"Vic {MARKUP}")
    olga.page.get_by_label("E-mail of a colleague").fill(vic.email)
    olga.page.get_by_role("button", name="Invite").click()
    expect(olga.page.get_by_text(f"An invitation is on its way to {vic.email}.")).to_be_visible()
    vic.open(vic.link_to("invitation"))
    expect(vic.page.get_by_role("link", name="Create an account")).to_be_visible()
    vic.sign_up()
    vic.page.get_by_role("button", name="Accept").click()

    # Then Vic reads the report
    vic.page.get_by_role("link", name="Channels", exact=True).click()
    report = vic.page.get_by_role("table", name="Numbers by Channel")
    vic.page.get_by_role("button", name="Days Last 30 days").click()
    vic.page.get_by_label("From", exact=True).fill("2025-12-01")
    vic.page.get_by_label("Model", exact=True).select_option("First touch")
    expect(report.get_by_role("row", name=channel)).to_contain_text("€49.90")
    assert "model=FIRST_TOUCH" in vic.page.url
    assert "from=2025-12-01" in vic.page.url
    vic.page.get_by_label("Model", exact=True).select_option("Custom")
    missing = vic.page.get_by_text("CUSTOM was not computed for them. It needs the site’s own weights")
    expect(missing.get_by_role("link", name="attribution settings")).to_be_visible()
    expect(vic.page.get_by_text("Add a site")).to_have_count(0)

    # And sees who is there, in words that are no markup, but is offered no change of it
    vic.open("/console/organization")
    expect(vic.page.get_by_role("heading", name=f"Hearth {MARKUP}")).to_be_visible()
    members = vic.page.get_by_role("region", name="Members")
    expect(members.get_by_role("listitem")).to_have_count(2)
    expect(members).to_contain_text(f"Olga {MARKUP}")
    for name in ("Members", "Invitations", "Settings"):
        section = vic.page.get_by_role("region", name=name)
        assert section.get_by_role("button").or_(section.get_by_role("textbox")).count() == 0
        assert section.get_by_role("combobox").count() == 0
    assert vic.page.locator("main img").count() == 0


def test_a_second_site_is_added_and_the_tag_of_each_is_read_again(newcomer: Newcomer) -> None:
    tom = newcomer("Tom Tags")
    tom.join("Tag Works")
    tags = {}
    for name in ("Shop", "Blog"):
        if name == "Blog":
            tom.page.get_by_role("link", name="Add a site").click()
        tom.page.get_by_label("Name", exact=True).fill(name)
        tom.page.get_by_label("Domain", exact=True).fill(f"{name.lower()}.example")
        tom.page.get_by_role("button", name="Create the site").click()
        expect(tom.page.get_by_role("heading", name=f"{name} is ready")).to_be_focused()
        tags[name] = tom.page.locator("code.secret").inner_text()
        tom.page.get_by_role("link", name="See the report").click()
        expect(tom.page.get_by_label("Site", exact=True).locator("option:checked")).to_have_text(name)
        expect(tom.page.locator("code.secret")).to_be_visible()
    assert tags["Shop"] != tags["Blog"]

    for name, tag in tags.items():
        tom.page.get_by_label("Site", exact=True).select_option(name)
        expect(tom.page.locator("code.secret")).to_have_text(tag)
        expect(tom.page.get_by_role("button", name="Copy the tag")).to_be_visible()


@pytest.mark.parametrize("first", some_and_slow([0, 1], 1))
def test_a_link_to_what_does_not_exist_shows_no_other_figures(newcomer: Newcomer, first: int) -> None:
    # Given a site with a sale
    nia = newcomer("Nia Nowhere")
    nia.join("Nowhere Works")
    channel = sell(nia, "friend")
    report = nia.page.get_by_role("table", name="Numbers by Channel")

    # When a link names what is not there, then the page says so and shows nothing
    faults = (
        ("site=site_01JB0000000000000000000000", "This link names a site that you cannot see here"),
        ("model=LAST_CLICK", "There is no model “LAST_CLICK”"),
        ("by=weather", "There is no report by “weather”"),
        ("from=soon&to=2026-01-31", "“soon” is not a day"),
        ("modell=MARKOV", "unknown filter, “modell”"),
        ("from=2026-01-31&to=2025-12-01", "must not be after"),
    )
    for place, (query, fault) in enumerate(faults):
        nia.open(f"/console{('', '/channels')[(place + first) % 2]}?{query}")
        expect(nia.page.get_by_role("alert").filter(has_text=fault)).to_be_visible()
        expect(nia.page.get_by_role("table")).to_have_count(0)
        expect(nia.page.get_by_text("€")).to_have_count(0)

    # And once a choice is made it shows what was chosen
    nia.open("/console/channels?site=nowhere&model=LAST_CLICK")
    expect(nia.page.get_by_role("alert")).to_have_count(2)
    nia.page.get_by_label("Model", exact=True).select_option("First touch")
    expect(nia.page.get_by_role("alert")).to_have_count(1)
    expect(report).to_have_count(0)
    nia.page.get_by_label("Site", exact=True).select_option("Shop")
    expect(report.get_by_role("row", name=channel)).to_contain_text("€49.90")
    expect(nia.page.get_by_role("alert")).to_have_count(0)


@pytest.mark.slow
def test_another_password_needs_the_second_factor_as_ever(newcomer: Newcomer) -> None:
    fay = newcomer("Fay Forgetful")
    fay.sign_up()
    expect(fay.page.get_by_role("heading", name="Create your organization")).to_be_visible()
    turn_on_two_factor(fay)
    fay.context.clear_cookies()

    fay.open("/console/forgot-password")
    fay.page.get_by_label("E-mail").fill(fay.email)
    fay.page.get_by_role("button", name="Send the link").click()
    expect(fay.page.get_by_text(f"A mail is on its way to {fay.email}")).to_be_visible()
    fay.password = OTHER_PASSWORD
    link = fay.link_to("reset-password")
    fay.open(link)
    fay.type_password()
    fay.page.get_by_role("button", name="Set the password").click()
    expect(fay.page.get_by_text("Your password is changed.")).to_be_visible()

    fay.sign_in()
    fay.type_code("000000")
    expect(fay.page.get_by_role("alert")).to_contain_text("The code is wrong")
    fay.type_code(fay.recovery_codes[0])
    expect(fay.page.get_by_role("heading", name="Create your organization")).to_be_visible()

    fay.open(link)
    fay.type_password()
    fay.page.get_by_role("button", name="Set the password").click()
    expect(fay.page.get_by_role("alert")).to_contain_text("used already")


def test_a_link_that_a_scanner_opened_first_still_works(newcomer: Newcomer) -> None:
    lea = newcomer("Lea Link")
    lea.sign_up()
    expect(lea.page.get_by_role("heading", name="Create your organization")).to_be_visible()
    lea.context.clear_cookies()
    lea.open("/console/sign-in")
    lea.page.get_by_label("E-mail").fill(lea.email)
    lea.page.get_by_role("button", name="Mail me a link to sign in").click()
    link = lea.link_to("magic-link")

    scanner = newcomer("Scan Ner")
    scanner.open(link)
    expect(scanner.page.get_by_role("button", name="Sign in")).to_be_visible()

    lea.open(link)
    lea.page.get_by_role("button", name="Sign in").click()
    expect(lea.page.get_by_role("heading", name="Create your organization")).to_be_visible()


@pytest.mark.slow
def test_invitations_are_sent_again_revoked_and_declined(newcomer: Newcomer) -> None:
    ida = newcomer("Ida Inviter")
    ida.join("Declined Works")
    ida.open("/console/organization")
    section = ida.page.get_by_role("region", name="Invitations")
    dan, eve = newcomer("Dan Declines"), newcomer("Eve Elsewhere")
    for person in (dan, eve):
        section.get_by_label("E-mail of a colleague").fill(person.email)
        section.get_by_role("button", name="Invite").click()
        expect(section.get_by_role("button", name=f"Send again to {person.email}")).to_be_visible()
    # A mail that was not sent yet is not sent any more once its invitation is revoked.
    link = eve.link_to("invitation")
    section.get_by_role("button", name=f"Revoke the invitation to {eve.email}").click()
    ida.page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(section.get_by_role("listitem")).to_have_count(1)
    section.get_by_role("button", name=f"Send again to {dan.email}").click()
    expect(ida.page.get_by_text("Too many tries")).to_be_visible()

    eve.open(link)
    expect(eve.page.get_by_role("heading", name="You are invited")).to_be_visible()
    eve.sign_up()
    eve.page.get_by_role("button", name="Accept").click()
    expect(eve.page.get_by_role("heading", name="This invitation is no longer valid")).to_be_focused()
    expect(eve.page.get_by_role("button", name=re.compile("Accept|Decline"))).to_have_count(0)
    dan.open(dan.link_to("invitation"))
    expect(dan.page.get_by_role("heading", name="You are invited")).to_be_visible()
    dan.sign_up()
    dan.page.get_by_role("button", name="Decline", exact=True).click()
    expect(dan.page.get_by_role("heading", name="Declined")).to_be_focused()
    ida.page.reload()
    expect(section.get_by_text("There are no open invitations.")).to_be_visible()


def test_a_member_gets_another_role_is_removed_and_goes_on_elsewhere(newcomer: Newcomer) -> None:
    ola, may = newcomer("Ola Owner"), newcomer("May Member")
    may.join("Mays Own")
    ola.join("Olas Own")
    ola.ask("POST", "/v1/invitations", {"email": may.email, "role": "VIEWER"})
    may.open(may.link_to("invitation"))
    may.page.get_by_role("button", name="Accept").click()
    expect(may.page.get_by_text("There is no site yet.")).to_be_visible()

    may.page.get_by_label("Organization", exact=True).select_option("Mays Own")
    expect(may.page.get_by_role("heading", name="Create your first site")).to_be_visible()
    may.page.get_by_label("Organization", exact=True).select_option("Olas Own")
    expect(may.page.get_by_text("There is no site yet.")).to_be_visible()

    ola.ask("POST", "/v1/roles", {"name": "Buyer", "permissions": ["ads:write"]})
    ola.open("/console/organization")
    ola.page.get_by_label(f"Role of {may.name}").select_option("Member")
    expect(ola.page.get_by_text("The role is changed")).to_be_visible()
    ola.page.get_by_role("button", name=f"Custom roles of {may.name}").click()
    ola.page.get_by_label("Buyer").check()
    ola.page.get_by_role("button", name="Save the roles").click()
    expect(ola.page.get_by_text(f"{may.email}; also Buyer")).to_be_visible()
    ola.page.get_by_role("button", name=f"Remove {may.name}").click()
    ola.page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(ola.page.get_by_text("The member is removed.")).to_be_visible()
    ola.page.get_by_role("button", name="Leave Olas Own").click()
    ola.page.get_by_role("dialog").get_by_role("button", name="Leave").click()
    expect(ola.page.locator(".toast")).to_contain_text("owner")

    may.open("/console")
    expect(may.page.get_by_role("heading", name="Create your first site")).to_be_visible()


def test_a_form_shows_the_reason_at_the_wrong_field(newcomer: Newcomer) -> None:
    ned = newcomer("Ned Novice")
    ned.password = "too short"
    ned.open("/console/sign-up")
    ned.page.get_by_label("Your name").fill(ned.name)
    ned.page.get_by_label("E-mail").fill(ned.email)
    ned.type_password()
    ned.page.keyboard.press("Enter")

    password = ned.page.get_by_label("Password", exact=True)
    expect(password).to_be_focused()
    expect(password).to_have_attribute("aria-invalid", "true")
    expect(ned.page.get_by_role("alert")).to_contain_text("Must have at least 15 characters")

    ned.open("/console/sign-in")
    ned.page.get_by_label("E-mail").fill(ned.email)
    ned.type_password()
    ned.page.keyboard.press("Enter")
    expect(ned.page.get_by_role("alert")).to_have_text(re.compile("The e-mail or the password is wrong"))


def test_keys_and_sessions_end_when_a_person_ends_them(newcomer: Newcomer) -> None:
    kim = newcomer("Kim Keys")
    kim.join("Key Works")
    kim.context.clear_cookies()
    kim.sign_in()
    expect(kim.page.get_by_role("heading", name="Create your first site")).to_be_visible()
    kim.open("/console/account")

    sessions = kim.page.get_by_role("region", name="Where you are signed in")
    expect(sessions.get_by_role("listitem")).to_have_count(2)
    sessions.get_by_role("button", name="End").click()
    expect(sessions.get_by_role("listitem")).to_have_count(1)

    keys = kim.page.get_by_role("region", name="API keys")
    keys.get_by_text("Create a key").click()
    keys.get_by_label("Name").fill(MARKUP)
    assert keys.locator(".checks").evaluate("list => list.scrollHeight <= list.clientHeight")
    keys.get_by_role("button", name="Create the key").click()
    expect(keys.locator(".secret")).to_have_text(re.compile("^ok_"))
    secret = keys.locator(".secret").inner_text()
    expect(keys.locator("li code")).to_have_text(f"ok_…{secret[-6:]}")
    keys.get_by_role("button", name=f"Revoke {MARKUP}").click()
    kim.page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(keys.get_by_role("listitem")).to_have_count(0)


def test_sign_in_returns_to_the_page_that_asked_for_it(newcomer: Newcomer) -> None:
    sam = newcomer("Sam Visitor")
    sam.sign_up()
    expect(sam.page.get_by_role("heading", name="Create your organization")).to_be_visible()

    for page in ("", "/organization", "/account"):
        sam.context.clear_cookies()
        sam.open(f"/console{page}")
        sam.page.wait_for_url("**/console/sign-in")
        sam.page.get_by_label("E-mail").fill(sam.email)
        sam.type_password()
        sam.page.get_by_role("button", name="Sign in", exact=True).click()
        sam.page.wait_for_url(f"**/console{page}")


def test_sign_out_leaves_no_page_to_go_back_to(newcomer: Newcomer) -> None:
    zoe = newcomer("Zoe Zealous")
    zoe.join("Back Works")
    zoe.page.get_by_role("button", name=f"You: {zoe.name}").click()
    zoe.page.get_by_role("link", name="Account", exact=True).click()
    expect(zoe.page.get_by_text("This device")).to_be_visible()
    zoe.sign_out()
    zoe.page.wait_for_url("**/console/sign-in")

    zoe.page.go_back()

    zoe.page.wait_for_url("**/console/sign-in")
    assert zoe.page.get_by_text(zoe.name).count() == 0


def test_the_console_shows_that_a_session_has_ended(newcomer: Newcomer) -> None:
    eli = newcomer("Eli Ended")
    eli.join("Ended Works")
    eli.context.clear_cookies()

    eli.page.get_by_label("Name").fill("Shop")
    eli.page.get_by_label("Domain").fill("shop.example")
    eli.page.get_by_role("button", name="Create the site").click()

    expect(eli.page.get_by_role("alert")).to_have_text("You are signed out. Reload the page to sign in again.")


def test_only_providers_that_are_configured_are_offered(newcomer: Newcomer) -> None:
    pat = newcomer("Pat Provider")
    with pat.page.expect_response("**/v1/sign-in/oauth"):
        pat.open("/console/sign-in")
    expect(pat.page.get_by_role("button", name="Continue with")).to_have_count(0)

    pat.page.route("**/v1/sign-in/oauth", lambda route: route.fulfill(json={"items": ["github"]}))
    pat.open("/console/sign-in")
    expect(pat.page.get_by_role("button", name="Continue with")).to_have_text(["Continue with GitHub"])


def test_page_speaks_without_scripts(browser: Browser, running: Running) -> None:
    bare = browser.new_context(java_script_enabled=False)
    silent = bare.new_page()

    # Every page is one shell (tests/unit/console/test_pages.py).
    for page in ("", "/links", "/not-there"):
        silent.goto(f"{running.url}/console{page}")
        assert silent.locator("noscript p").is_visible(), page
    bare.close()


@pytest.mark.slow
def test_every_page_fits_a_phone_before_there_is_a_site(newcomer: Newcomer) -> None:
    pam = newcomer("Pam Phone")
    pam.join("A name that is long enough to be wrapped, and longer still")
    pam.page.set_viewport_size({"width": 360, "height": 740})

    for page in ("", *(f"/{name}" for name in PAGES), "/not-there"):
        pam.open(f"/console{page}")
        pam.page.wait_for_load_state("networkidle")
        assert pam.page.evaluate("document.documentElement.scrollWidth") <= 360, page


def test_marketer_creates_a_link_and_sees_who_opened_it(newcomer: Newcomer) -> None:
    ann = newcomer("Ann Example")
    ann.join("House")
    ann.ask("POST", "/v1/sites", {"name": "Shop", "domains": ["shop.example"]})
    ann.open("/console/links")
    ann.page.get_by_label("Short name").fill("spring")
    ann.page.get_by_label("Leads to").fill("https://shop.example/sale")
    ann.page.get_by_label("Label").fill(MARKUP)
    ann.page.get_by_role("button", name="Create the link").click()
    address = ann.page.get_by_role("link", name="/l/spring")
    expect(address).to_be_visible()

    opened = ann.context.request.get(str(address.get_attribute("href")), max_redirects=0)
    assert opened.status == 302
    assert opened.headers["location"].startswith("https://shop.example/sale?optiq_link=link_")
    site_id = ann.ask("GET", "/v1/sites")["items"][0]["site_id"]
    (link,) = ann.ask("GET", f"/v1/sites/{site_id}/links")["items"]
    path = f"/v1/sites/{site_id}/links/{link['link_id']}/report"
    wait_until(lambda: ann.ask("GET", path)["clicks"]["human"] == 1, "the click is counted")

    ann.page.get_by_role("button", name="Numbers of spring").click()
    expect(ann.page.get_by_text("Credit of the link under each model")).to_be_visible()
    expect(ann.page.locator("dd").first).to_have_text("1")
    picture = ann.page.request.get(str(ann.page.get_by_role("link", name="QR code").get_attribute("href")))
    assert picture.headers["content-type"] == "image/svg+xml"


def test_marketer_saves_a_view_exports_it_and_refunds_an_order(newcomer: Newcomer) -> None:
    ines = newcomer("Ines Insight")
    ines.join("Insight Works")
    sell(ines, "friend", "spring")
    page = ines.page

    ines.open("/console/campaigns?columns=revenue.visits&period=last7d")
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="CSV", exact=True).click()
    head, row = Path(saved.value.path()).read_text(encoding="utf-8").splitlines()
    exported = dict(zip(head.split(","), row.split(","), strict=True))
    assert (exported["campaign"], float(exported["revenue"]), exported["currency"]) == ("spring", 49.9, "EUR")
    page.get_by_role("button", name="Save view").click()
    page.get_by_label("Name").fill("Spring money")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The view is saved.")).to_be_visible()
    ines.open("/console/views")
    page.get_by_role("link", name="Spring money", exact=True).click()
    page.wait_for_url("**/console/campaigns?*")
    assert {"columns=revenue.visits", "period=last7d"} <= set(urlsplit(page.url).query.split("&"))

    ines.open("/console/conversions")
    page.get_by_role("link", name="Order Completed").click()
    page.locator("summary", has_text="Refund").click()
    page.get_by_label("Amount in EUR").fill("9,90")
    page.get_by_label("Number of the refund").fill("refund-1")
    page.get_by_role("button", name="Refund", exact=True).click()
    expect(page.get_by_text("It takes effect in a few seconds")).to_be_visible()
    site_id = ines.ask("GET", "/v1/sites")["items"][0]["site_id"]
    worth = f"/v1/sites/{site_id}/conversions"
    wait_until(lambda: ines.ask("GET", worth)["items"][0]["value_micros"] == 40_000_000, "the refund is counted")


def test_an_alert_rule_is_tried_written_and_changed(newcomer: Newcomer) -> None:
    alma = newcomer("Alma Alert")
    alma.join("Alert Works")
    alma.ask("POST", "/v1/sites", {"name": "Shop", "domains": ["shop.example"]})
    page = alma.page
    alma.open("/console/alert-rules")

    page.get_by_role("button", name="What would it have done?").click()
    expect(page.get_by_text("It would have made 0 alerts in the last 90 days.")).to_be_visible()
    page.get_by_label("Name").first.fill("Orders drop")
    page.get_by_role("button", name="Create the rule").click()
    expect(page.get_by_text("The rule is created.")).to_be_visible()
    expect(page.get_by_text("Not judged yet")).to_be_visible()

    page.get_by_role("button", name="Change Orders drop").click()
    form = page.get_by_role("form", name="Change Orders drop")
    form.get_by_label("By more than").fill("45")
    form.get_by_role("button", name="Save the rule").click()
    expect(page.get_by_text("The rule is saved.")).to_be_visible()
    page.get_by_role("button", name="Change Orders drop").click()
    expect(form.get_by_label("By more than")).to_have_value("45")

    alma.open("/console/alerts")
    expect(page.get_by_text("No alert yet")).to_be_visible()
    page.get_by_role("button", name="Notices").click()
    expect(page.get_by_text("Nothing new. Alerts of your sites come here.")).to_be_visible()
