"""Campaigns in links as people write them: capitals, long values, behind # (cases 11, 12 and 13)."""

import pytest
from optiq.reports.domain import ATTRIBUTION_DIMENSIONS

from functions.collect import pixel
from tests.functional.cases.shop import HOME, Shop, let_a_millisecond_pass
from tests.functional.senders import request, send_pixel

SPRING = "utm_source=newsletter&utm_medium=email&utm_campaign=spring"
LONG = "x" * 520


@pytest.mark.parametrize(
    "query",
    [
        "UTM_SOURCE=Google&UTM_MEDIUM=CPC",
        "Utm_Source=Google&Utm_Medium=CPC",
        "utm_source=Google&UTM_MEDIUM=CPC",
        "UTM_Source=Google&utm_Medium=CPC&ref=1",
        "uTm_SoUrCe=Google&uTm_MeDiUm=CPC",
        "id=7&UTM%5FSOURCE=Google&UTM%5FMEDIUM=CPC",
        "UTM_SOURCE=Google&amp;UTM_MEDIUM=CPC",
    ],
)
def test_names_count_in_any_case(shop: Shop, query: str) -> None:
    shop.page("visitor01", f"{HOME}?{query}")
    said = {"event": "Order Completed", "properties": {"revenue": "1", "currency": "EUR"}}
    shop.segment("track", {"anonymousId": "visitor01"} | said)
    shop.settle()

    assert shop.touches == {1.0: ["Google / CPC = Paid Search"]}
    shop.assert_groups_total(1, 1.0)


@pytest.mark.parametrize(
    "url",
    [
        f"{HOME}#{SPRING}",
        f"{HOME}#/landing?{SPRING}",
        f"{HOME}?{SPRING}#/landing",
        f"{HOME}#!/landing?{SPRING}",
        f"{HOME}#?{SPRING}",
        f"{HOME}#section&{SPRING}",
        f"{HOME}?color=red#/a/b?size=3&{SPRING}",
        f"{HOME}#/landing?{SPRING.upper().replace('NEWSLETTER', 'newsletter').replace('EMAIL', 'email')}",
    ],
)
def test_campaigns_count_behind_the_hash(shop: Shop, url: str) -> None:
    shop.page("visitor01", url)
    shop.page_order("visitor01", transaction_id="A-1", value=2, currency="EUR")
    shop.settle()

    assert shop.touches == {2.0: ["newsletter / email = Email"]}
    assert {name.lower() for name in shop.earned("campaign")} == {"spring"}
    shop.assert_groups_total(1, 2.0)


def test_a_page_view_and_an_order_with_a_long_value_count(shop: Shop) -> None:
    url = f"{HOME}?utm_source=nl&utm_medium=email&utm_content={LONG}"
    shop.page("visitor01", url)
    shop.page_order("visitor01", "Order Completed", url, order_id="G-1", revenue="10.00", currency="EUR")
    said = {"event": "Order Completed", "properties": {"revenue": "20.00", "currency": "EUR"}}
    shop.segment("track", {"userId": "u2", "context": {"campaign": {"source": "nl", "content": LONG}}} | said)
    shop.settle()

    assert (shop.values, shop.failed) == ([10.0, 20.0], [])
    assert shop.earned("source") == {"nl": 30.0}
    assert shop.earned("ad") == {"x" * 500: 30.0}
    shop.assert_groups_total(2, 30.0, ATTRIBUTION_DIMENSIONS)


@pytest.mark.parametrize("name", ["source", "medium", "campaign", "term", "content"])
def test_any_long_value_is_shortened_by_every_way_in(shop: Shop, name: str) -> None:
    url = f"{HOME}?{SPRING.replace(f'utm_{name}=', 'x=')}&utm_{name}={LONG}"
    shop.page("visitor01", url)
    shop.page_order("visitor01", transaction_id="A-1", value=1, currency="EUR")
    shop.segment("page", {"userId": "u2", "context": {"page": {"url": url}}})
    shop.order("u2", order_id="A-2", revenue=2, currency="EUR")
    shop.measure("3.3", {"name": "page_view", "params": {"page_location": url}})
    shop.measure("3.3", {"name": "purchase", "params": {"transaction_id": "A-3", "value": 4, "currency": "EUR"}})
    shop.settle()

    assert shop.values == [1.0, 2.0, 4.0]
    assert len(set(map(tuple, shop.touches.values()))) == 1
    shop.assert_groups_total(3, 7.0, ATTRIBUTION_DIMENSIONS)


@pytest.mark.parametrize(
    "said",
    [
        {"referrer": f"https://news.example/?q={'y' * 9000}"},
        {"url": f"{HOME}?utm_source=nl&utm_medium=email&state={'z' * 9000}"},
        {"url": f"{HOME}?gclid={'g' * 3000}"},
        {"title": "t" * 2000},
        {"session_id": "s" * 1000},
    ],
)
def test_other_long_values_lose_no_visit(shop: Shop, said: dict[str, str]) -> None:
    shop.page("visitor01", **{"url": HOME, **said})
    shop.page_order("visitor01", transaction_id="A-1", value=1, currency="EUR")
    shop.settle()

    assert (shop.values, shop.failed) == ([1.0], [])
    assert len(shop.touches[1.0]) == 1


@pytest.mark.parametrize(
    "context",
    [
        {"campaign": {"Source": "newsletter", "Medium": "email", "Name": "spring"}},
        {"campaign": {"utm_source": "newsletter", "utm_medium": "email", "utm_campaign": "spring"}},
        {"campaign": {"source": "newsletter", "medium": "email", "campaign": "spring"}},
        {
            "campaign": {
                "source": "newsletter",
                "medium": "email",
                "name": "spring",
                "Name": "other",
                "utm_campaign": "x",
            }
        },
        {"campaign": {"UTM_SOURCE": "newsletter", "medium": "email", "name": "", "utm_campaign": "spring"}},
        {"page": {"url": HOME, "search": f"?{SPRING}"}},
        {"page": {"url": f"{HOME}#top", "search": SPRING}},
        {"campaign": {"Source": None, "utm_medium": ""}, "page": {"url": f"{HOME}?{SPRING}"}},
    ],
)
def test_a_servers_campaign_counts_however_its_fields_are_named(shop: Shop, context: dict[str, object]) -> None:
    shop.segment("page", {"anonymousId": "v", "context": {"page": {"url": HOME}} | context})
    shop.segment("track", {"anonymousId": "v", "event": "purchase", "properties": {"value": 1}})
    shop.settle()

    assert shop.touches == {1.0: ["newsletter / email = Email"]}
    assert shop.earned("campaign") == {"spring": 1.0}


def test_a_search_beside_an_address_with_a_query_says_nothing_more(shop: Shop) -> None:
    page = {"url": f"{HOME}?{SPRING}", "search": "?utm_source=other&utm_medium=cpc"}
    shop.segment("page", {"anonymousId": "v", "context": {"page": page}})
    shop.segment("track", {"anonymousId": "v", "event": "purchase", "properties": {"value": 1}})
    shop.settle()

    assert shop.touches == {1.0: ["newsletter / email = Email"]}


_SEARCH = "https://www.google.com/"


@pytest.mark.parametrize(
    ("context", "channel"),
    [
        ({"referrer": {"type": "search", "url": _SEARCH}}, "Organic Search"),
        ({"referrer": _SEARCH}, "Direct"),
        ({"referrer": []}, "Direct"),
        ({"referrer": {"url": "https://t.co/"}, "page": {"url": HOME, "referrer": _SEARCH}}, "Organic Search"),
    ],
)
def test_a_referrer_counts_where_segments_specification_has_it(
    shop: Shop, context: dict[str, object], channel: str
) -> None:
    shop.segment("page", {"anonymousId": "v", "context": {"page": {"url": HOME}} | context})
    shop.segment("track", {"anonymousId": "v", "event": "purchase", "properties": {"value": 1}})
    shop.settle()

    assert shop.channels == {1.0: [channel]}


@pytest.mark.parametrize(
    "query",
    [
        f"u={HOME}?{SPRING}",
        f"u={HOME}?id=7&{SPRING}&gclid=",
        f"{SPRING}&u={HOME}?id=7",
        f"u={HOME}%3F{SPRING.replace('&', '%26')}",
    ],
)
def test_a_pixels_address_keeps_its_campaign_when_it_is_not_encoded(shop: Shop, query: str) -> None:
    pixel.handler(request("GET", "/p.gif", query=f"k={shop.new_site.public_key}&a=visitor01&{query}"), None)
    let_a_millisecond_pass()
    send_pixel(k=shop.new_site.public_key, a="visitor01", e="purchase", v="1", o="A-1", u=HOME)
    shop.settle()

    assert shop.touches == {1.0: ["newsletter / email = Email"]}
