"""What a visitor does in the sample shop."""

from playwright.sync_api import Page

from tests.support.waiting import wait_until


def wait_until_sent(page: Page) -> None:
    """Until the server has taken what the tracker of this page has told it."""
    # The shop's policy lets a page evaluate no text, as waiting for a function in it would.
    waiting = "Object.keys(localStorage).some((key) => key.startsWith('optiq_e.'))"
    wait_until(lambda: not page.evaluate(waiting), "everything is sent")


def browse(page: Page) -> None:
    """From any page of the shop to a candle."""
    page.get_by_role("link", name="Light", exact=True).click()
    page.get_by_role("link", name="Beeswax candle").click()


def buy_the_teapot(page: Page) -> None:
    """One teapot, 49.90 EUR, from any page of the shop to the thanks."""
    if not page.get_by_role("link", name="See the teapot").is_visible():
        page.get_by_role("link", name="Hearth & Heron").click()
    page.get_by_role("link", name="See the teapot").click()
    page.get_by_role("button", name="Add to basket").click()
    page.get_by_role("link", name="Check out").click()
    page.get_by_label("Name").fill("Ada Lovelace")
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_label("Street and number").fill("12 St James's Square")
    page.get_by_label("Postcode").fill("10115")
    page.get_by_label("Town").fill("Berlin")
    page.get_by_role("button", name="Buy for €49.90").click()
    page.get_by_role("heading", name="Thank you").wait_for()
