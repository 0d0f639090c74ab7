"""People who use the console in a browser of their own, and read their mail."""

import json
import re
import urllib.request
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pyotp
from playwright.sync_api import Browser, Page, expect

from infra.local.system import Running
from tests.browser.conftest import PATIENCE_MS
from tests.support.waiting import wait_until

MARKUP = "<img src=x onerror=alert(1)>"
PASSWORD = "a heron by the warm hearth"
OTHER_PASSWORD = "only looking, thank you"
_TURN = "path => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')); }"


@dataclass
class ConsoleUser:
    """Somebody with an address and a browser, in which no error and no request to elsewhere may happen."""

    browser: Browser
    running: Running
    email: str
    name: str
    password: str = PASSWORD
    secret: str = ""
    recovery_codes: list[str] = field(default_factory=list)
    strayed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context = self.browser.new_context(base_url=self.running.url)
        self.context.set_default_timeout(PATIENCE_MS)
        self.page = self.new_page()

    def new_page(self) -> Page:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.strayed.append(str(error)))
        page.on("request", self._look_where)
        page.on("dialog", lambda dialog: self.strayed.append(dialog.message))
        return page

    def open(self, path: str) -> None:
        """Another page of the console; where only the fragment differs, a browser would not load it again."""
        self.page.goto("about:blank")
        self.page.goto(path)

    def turn_to(self, path: str) -> None:
        """Another page as a link of the menu leads there: without loading the shell again, which takes most of it.

        To the first page, and from one to which requests hang, only `open` leads.
        """
        if "/console" in self.page.url:
            self.page.evaluate(_TURN, path)
        else:
            self.open(path)

    def sign_up(self) -> None:
        self.open("/console/sign-up")
        self.page.get_by_label("Your name").fill(self.name)
        self.page.get_by_label("E-mail").fill(self.email)
        self.type_password()
        self.page.get_by_role("button", name="Sign up").click()
        expect(self.page.get_by_role("heading", name="Check your mail")).to_be_focused()
        self.open(self.link_to("verify-email"))
        self.type_password()
        self.page.get_by_role("button", name="Confirm e-mail").click()

    def join(self, organization: str) -> None:
        """Has an account and an organization, without the pages that lead there."""
        self.page.goto("/console/sign-in")
        self.ask("POST", "/v1/sign-up", {"email": self.email, "name": self.name, "password": self.password})
        token = self.link_to("verify-email").partition("#token=")[2]
        self.ask("POST", "/v1/verify-email", {"token": token, "password": self.password})
        made = self.ask("POST", "/v1/organizations", {"name": organization})
        self.ask("POST", f"/v1/organizations/{made['organization_id']}/switch", {})
        self.open("/console")
        expect(self.page.get_by_role("heading", name="Create your first site")).to_be_visible()

    def sign_in(self) -> None:
        self.open("/console/sign-in")
        self.page.get_by_label("E-mail").fill(self.email)
        self.type_password()
        self.page.get_by_role("button", name="Sign in", exact=True).click()

    def sign_out(self) -> None:
        self.page.get_by_role("button", name=f"You: {self.name}").click()
        self.page.get_by_role("button", name="Sign out", exact=True).click()

    def type_password(self) -> None:
        self.page.get_by_label(re.compile("^(New )?[Pp]assword$")).first.fill(self.password)

    def type_code(self, code: str) -> None:
        self.page.get_by_label("Code", exact=True).fill(code)
        self.page.get_by_role("button", name="Continue").click()

    def app_code(self) -> str:
        return pyotp.TOTP(self.secret).now()

    def make_organization(self, name: str) -> None:
        self.page.get_by_label("Name").fill(name)
        self.page.get_by_role("button", name="Create the organization").click()
        expect(self.page.get_by_role("heading", name="Create your first site")).to_be_visible()

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """What the API answers to this person's browser."""
        answered = self.page.evaluate(
            """async ([method, path, body]) => {
              const answer = await fetch(path, {method, body: body === null ? undefined : JSON.stringify(body)});
              return [answer.status, await answer.json().catch(() => null)];
            }""",
            [method, path, body],
        )
        assert answered[0] < 300, answered
        return answered[1]

    def link_to(self, page: str) -> str:
        """The newest link to a page of the console in this person's mail."""
        found: list[str] = []
        wait_until(lambda: bool(found.extend(self._links(page)) or found), f"a mail with a link to {page}")
        return found[-1]

    def _links(self, page: str) -> list[str]:
        mails = sorted((self.running.home.path / "outbox").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
        return [link for mail in mails for link in _links_of(mail, self.email) if f"/console/{page}#" in link]

    def _look_where(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme != "data" and parts.scheme != "blob" and not request.url.startswith(self.running.url):
            self.strayed.append(request.url)


def sell(person: ConsoleUser, source: str, campaign: str = "") -> str:
    """Makes a site on which a channel of the site's own earned 49.90 EUR; returns the channel's name."""
    made = person.ask("POST", "/v1/sites", {"name": "Shop", "domains": ["shop.example"]})
    channel = f"Friends {MARKUP}"
    rules = {"rules": [{"channel": channel, "source": source}]}
    person.ask("PUT", f"/v1/sites/{made['site']['site_id']}/channel-rules", rules)
    visit = {
        "kind": "page",
        "url": f"https://shop.example/?utm_source={source}&utm_medium=friends&utm_campaign={quote(campaign)}",
    }
    order = {"kind": "track", "name": "Order Completed", "properties": {"revenue": 49.9, "currency": "EUR"}}
    events = [
        {"event_id": f"a1.{number}", "anonymous_id": "a1", "timestamp": f"2026-01-01T00:0{number}:00Z", **event}
        for number, event in enumerate((visit, order))
    ]
    body = json.dumps({"k": made["public_key"], "sent_at": "2026-01-01T00:02:00Z", "events": events}).encode()
    agent = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
    request = urllib.request.Request(f"{person.running.url}/b", body, agent)
    with urllib.request.urlopen(request, timeout=120) as answer:
        assert answer.status == 202
    # A report that is open does not look again by itself.
    report = f"/v1/sites/{made['site']['site_id']}/attribution"
    wait_until(lambda: person.ask("GET", report)["rows"], "the sale is credited")
    return channel


def _links_of(mail: Path, email: str) -> list[str]:
    message = message_from_bytes(mail.read_bytes(), policy=default)
    body = message.get_body(("plain",))
    if email not in str(message["to"]) or body is None:
        return []
    return re.findall(r"http\S+#token=\S+", body.get_content())
