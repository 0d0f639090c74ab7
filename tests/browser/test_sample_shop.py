"""The sample shop tells the tracker what a visitor does, from the landing to the order."""

import pytest
from playwright.sync_api import Page

from tests.browser.recorder import Recorder
from tests.browser.shopping import browse, buy_the_teapot

pytestmark = pytest.mark.browser

LANDING = "/shop/?utm_source=newsletter&utm_medium=email&utm_campaign=spring"


@pytest.fixture
def page(page: Page, recorder: Recorder) -> Page:
    """The shop takes its tracker from its own origin, as the local gateway serves it."""
    page.goto(recorder.url(LANDING))
    return page


def test_order_carries_its_value_and_products(page: Page, recorder: Recorder) -> None:
    buy_the_teapot(page)

    recorder.wait(lambda: any(event["url"].endswith("/thank-you") for event in recorder.events("page")), "thanks")
    (order,) = [event for event in recorder.events("track") if event["name"] == "Order Completed"]
    properties = order["properties"]
    assert (properties["revenue"], properties["currency"]) == (49.9, "EUR")
    assert properties["order_id"]
    assert [(line["product_id"], line["price"], line["quantity"]) for line in properties["products"]] == [
        ("HH-001", 49.9, 1)
    ]


def test_each_step_is_one_page_view_in_order(page: Page, recorder: Recorder) -> None:
    browse(page)
    buy_the_teapot(page)

    views = recorder.wait_for_events(8, "page")

    paths = [event["url"].removeprefix(recorder.url("/shop/")) for event in views]
    assert paths == [
        LANDING.removeprefix("/shop/"),
        "collections/light",
        "products/beeswax-candle",
        "",
        "products/stoneware-teapot",
        "cart",
        "checkout",
        "thank-you",
    ]
    assert [event["referrer"] for event in views[1:]] == [event["url"] for event in views[:-1]]


def test_order_is_told_once_however_often_its_page_is_opened(page: Page, recorder: Recorder) -> None:
    buy_the_teapot(page)
    recorder.wait_for_events(5, "page")

    page.reload()

    recorder.wait_for_events(6, "page")
    assert [event["name"] for event in recorder.events("track")].count("Order Completed") == 1
    assert page.get_by_role("heading", level=1).inner_text() == "Thank you, Ada"


def test_basket_can_be_changed(page: Page, recorder: Recorder) -> None:
    page.get_by_role("link", name="Everyday mug").click()
    page.get_by_label("Quantity").select_option("2")
    page.get_by_role("button", name="Add to basket").click()
    assert page.locator(".total dd").inner_text() == "€36.00"

    page.get_by_label("Quantity of Everyday mug").select_option("3")
    assert page.locator(".total dd").inner_text() == "€54.00"

    page.get_by_role("button", name="Remove Everyday mug").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Your basket is empty"


def test_site_given_in_the_address_is_kept_while_browsing(page: Page, recorder: Recorder) -> None:
    page.goto(recorder.url("/shop/?site=pk_other"))
    browse(page)

    assert page.url == recorder.url("/shop/products/beeswax-candle?site=pk_other")


def test_unknown_page_says_so(page: Page, recorder: Recorder) -> None:
    for path in ("nothing", "products/nothing", "collections/nothing", "thank-you"):
        page.goto(recorder.url(f"/shop/{path}"))
        assert page.get_by_role("heading", level=1).inner_text() == "Page not found", path


def test_shop_fits_a_phone(page: Page, recorder: Recorder) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    for path in ("", "products/stoneware-teapot", "cart", "checkout"):
        page.goto(recorder.url(f"/shop/{path}"))
        assert page.evaluate("document.documentElement.scrollWidth") == 390
