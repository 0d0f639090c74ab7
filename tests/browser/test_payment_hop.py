"""A buyer who pays at somebody else's site and comes back: what brought them first keeps the credit."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright

from infra.local.loopback import Answering, bound, serving
from infra.local.system import running_system
from infra.local.table import free_port
from tests.browser.sales import credited, credits_of
from tests.browser.shopping import browse, buy_the_teapot, wait_until_sent
from tests.support.browsers import FLAGS
from tests.support.waiting import wait_until
from tests.system.sites import create_site

pytestmark = [pytest.mark.browser, pytest.mark.system]

PAYMENT, BLOG = "www.sofort.com", "www.pottery-blog.example"
AT_THE_BANK_MS = 45 * 60_000
"""Longer than a session lasts."""
TEAPOT_MICROS = 49_900_000


@pytest.fixture
def elsewhere() -> Iterator[int]:
    """The port of a server that plays every other site: one link, to the address in its query."""
    http = bound(_Elsewhere)
    with serving(http):
        yield http.server_port


class _Elsewhere(Answering):
    def answer(self) -> None:
        page = f"<!doctype html><title>Elsewhere</title><a href='{self.path.partition('?')[2]}'>Back</a>".encode()
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.send_header("content-length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)


@pytest.fixture
def visitors(playwright: Playwright, chromium: str, elsewhere: int) -> Iterator[Browser]:
    """A browser for which the other sites are at hand."""
    rules = ",".join(f"MAP {host} 127.0.0.1:{elsewhere}" for host in (PAYMENT, BLOG))
    browser = playwright.chromium.launch(executable_path=chromium, args=[*FLAGS, f"--host-resolver-rules={rules}"])
    yield browser
    browser.close()


def test_return_from_a_payment_page_leaves_the_credit_where_it_was(tmp_path: Path, visitors: Browser) -> None:
    home, port = tmp_path / "home", free_port()

    # Given two visitors from the newsletter, of whom one goes on to pay and the other to read
    with running_system(home, port) as running:
        site = create_site(home, domains=["shop.example", "localhost"], currency="EUR")
        shop = f"{running.url}/shop/?site={site.public_key}"
        pages = {host: visitors.new_page() for host in (PAYMENT, BLOG)}
        for host, page in pages.items():
            page.goto(f"{shop}&utm_source=newsletter&utm_medium=email")
            browse(page)
            wait_until_sent(page)
            page.goto(f"http://{host}/?{shop}")

    # When both come back three quarters of an hour later, and buy
    with running_system(home, port, {"OPTIQ_CLOCK_OFFSET_MS": str(AT_THE_BANK_MS)}) as running:
        for page in pages.values():
            page.get_by_role("link", name="Back").click()
            buy_the_teapot(page)
        wait_until(lambda: len(credited(running, site)) == 2, "two credited sales")
        sales = credited(running, site)

        # Then the payment is no touch and the blog is one
        came = {host: page.evaluate("new URL(document.referrer).hostname") for host, page in pages.items()}
        assert came == {PAYMENT: PAYMENT, BLOG: BLOG}
        credits_by_path = {
            tuple(touch["channel"] for touch in sale["path"]): credits_of(sale)["LAST_TOUCH"] for sale in sales
        }
        assert credits_by_path == {
            ("Email",): {"Email": TEAPOT_MICROS},
            ("Email", "Referral"): {"Email": 0, "Referral": TEAPOT_MICROS},
        }
