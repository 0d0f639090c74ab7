"""The sample's events: the same for a seed, and rich enough for every report, whatever day they are made on."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from optiq.kernel.clock import DAY_MS, day_of, from_rfc3339, parse_timezone

from infra.local.sample.browsers import browsers
from infra.local.sample.load import SEED
from infra.local.sample.people import Message
from infra.local.sample.season import TIMEZONE, Season
from infra.local.sample.traffic import ad_metrics, shop_totals, traffic

UNTIL_MS = from_rfc3339("2026-11-28T18:00:00Z")
BERLIN = parse_timezone(TIMEZONE)


@pytest.fixture(scope="module")
def messages() -> list[Message]:
    return traffic(SEED, UNTIL_MS)


def day(message: Message) -> date:
    return day_of(from_rfc3339(message["timestamp"]), BERLIN)


def named(messages: list[Message], event: str) -> list[Message]:
    return [message for message in messages if message.get("event") == event]


def landings(messages: list[Message]) -> Iterator[dict[str, str]]:
    for message in messages:
        if message["type"] == "page":
            yield dict(parse_qsl(urlsplit(message["context"]["page"]["url"]).query))


def test_events_repeat_for_the_same_seed_and_end(messages: list[Message]) -> None:
    assert traffic(SEED, UNTIL_MS) == messages
    assert traffic(SEED + 1, UNTIL_MS) != messages
    assert len({message["messageId"] for message in messages}) == len(messages)


def test_events_come_in_order_and_end_at_the_present(messages: list[Message]) -> None:
    instants = [from_rfc3339(message["timestamp"]) for message in messages]

    assert instants == sorted(instants)
    assert instants[-1] < UNTIL_MS
    assert 12_000 <= len(messages) <= 20_000


@pytest.mark.parametrize("until", ["2026-11-28T18:00:00Z", "2026-03-30T04:00:00Z", "2026-06-10T22:30:00Z"])
def test_orders_are_enough_for_every_model_on_any_day(until: str) -> None:
    made = traffic(SEED, from_rfc3339(until))

    orders = named(made, "Order Completed")
    assert len({order["properties"]["order_id"] for order in orders}) >= 600
    assert (day(made[-1]) - day(made[0])).days >= 88
    # Two reports of one order lie on one day, so its rate does not depend on which of them counts.
    by_order = defaultdict(set)
    for order in orders:
        by_order[order["properties"]["order_id"]].add((day(order), str(order["properties"])))
    assert {len(reports) for reports in by_order.values()} == {1}


def test_server_reports_some_orders_besides_the_page(messages: list[Message]) -> None:
    senders = defaultdict(list)
    for order in named(messages, "Order Completed"):
        senders[order["properties"]["order_id"]].append("userId" if "userId" in order else "anonymousId")

    counted = Counter(map(tuple, senders.values()))
    assert counted.keys() == {("anonymousId",), ("anonymousId", "userId")}
    assert counted["anonymousId", "userId"] >= 150


def test_refunds_take_off_all_or_a_part_in_the_orders_currency(messages: list[Message]) -> None:
    orders = {order["properties"]["order_id"]: order["properties"] for order in named(messages, "Order Completed")}
    refunds = named(messages, "Order Refunded")

    whole = [
        Decimal(r["properties"]["revenue"]) == Decimal(orders[r["properties"]["order_id"]]["revenue"]) for r in refunds
    ]
    assert (len(refunds) >= 30, any(whole), all(whole)) == (True, True, False)
    assert {"userId" in refund for refund in refunds} == {True, False}
    assert {r["properties"]["currency"] == orders[r["properties"]["order_id"]]["currency"] for r in refunds} == {True}
    (cancelled,) = named(messages, "Order Cancelled")
    assert cancelled["properties"]["order_id"] in orders.keys() - {r["properties"]["order_id"] for r in refunds}


def test_people_become_leads_then_sign_up_then_buy_and_come_again(messages: list[Message]) -> None:
    did = defaultdict(list)
    for message in messages:
        if message.get("event") in ("Lead", "Signed Up", "Order Completed") and "anonymousId" in message:
            did[message["anonymousId"]].append(message["event"])

    assert len([events for events in did.values() if events[:3] == ["Lead", "Signed Up", "Order Completed"]]) >= 20
    assert len([events for events in did.values() if events.count("Order Completed") > 1]) >= 40


def test_some_people_sign_in_on_two_devices(messages: list[Message]) -> None:
    devices = defaultdict(set)
    for message in messages:
        if message["type"] == "identify":
            devices[message["userId"]].add((message["anonymousId"], message["context"]["userAgent"]))

    assert len([each for each in devices.values() if len(each) == 2]) >= 50


def test_ads_are_told_apart_and_carry_their_platforms_click_id(messages: list[Message]) -> None:
    tagged = [query for query in landings(messages) if query]
    sources = defaultdict(set)
    for query in tagged:
        sources[query["utm_campaign"]].add(query["utm_source"])

    assert all(query["utm_content"] for query in tagged)
    assert {query["utm_term"] for query in tagged if "utm_term" in query} >= {"hearth and heron", "oak board"}
    assert sources["spring_sale"] == {"google", "facebook", "newsletter"}
    assert sources["homeware"] == {"google", "bing"}
    clicks = {(query["utm_source"], name) for query in tagged for name in query if not name.startswith("utm_")}
    assert clicks == {("google", "gclid"), ("bing", "msclkid"), ("facebook", "fbclid"), ("tiktok", "ttclid")}


def test_weekends_are_quieter_and_later_weeks_busier(messages: list[Message]) -> None:
    visits = Counter(day(message) for message in messages if message["type"] == "page")
    days = sorted(visits)[14:-1]
    weekend, workday = ([visits[d] for d in days if (d.weekday() >= 5) == late] for late in (True, False))
    early, late = ([visits[d] for d in part] for part in (days[:35], days[35:70]))

    assert sum(weekend) / len(weekend) < 0.95 * sum(workday) / len(workday)
    assert 1.02 < sum(late) / sum(early) < 1.6


def test_ad_metrics_cover_every_campaign_and_day_in_one_currency_each(messages: list[Message]) -> None:
    rows = ad_metrics(SEED, UNTIL_MS, messages)

    campaigns = Counter((row["source"], row["medium"], row["campaign"]) for row in rows)
    currencies: dict[Any, set[str]] = defaultdict(set)
    for row in rows:
        currencies[row["source"]].add(row["currency"])
    assert len(rows) <= 1_000
    assert set(campaigns.values()) == {91}
    assert {len(each) for each in currencies.values()} == {1}
    assert all(row["impressions"] >= row["clicks"] >= 0 <= float(row["spend"]) for row in rows)
    clicked = Counter(query["utm_campaign"] for query in landings(messages) if query.get("utm_campaign") == "unboxing")
    assert sum(row["clicks"] for row in rows if row["campaign"] == "unboxing") >= clicked["unboxing"] > 0


def test_shop_totals_are_the_orders_and_some_that_no_page_saw(messages: list[Message]) -> None:
    totals = shop_totals(SEED, UNTIL_MS, messages)

    assert totals == shop_totals(SEED, UNTIL_MS, messages)
    ended = {total["day"] for total in totals}
    seen = {
        message["properties"]["order_id"]: day(message)
        for message in reversed(messages)
        if message.get("event") == "Order Completed"
    }
    orders = sum(of_day.isoformat() in ended for of_day in seen.values())
    assert len(totals) == 90
    assert orders < sum(total["orders"] for total in totals) < orders * 1.1
    assert {total["currency"] for total in totals} == {"EUR"}


def test_platforms_claim_some_of_their_clicks(messages: list[Message]) -> None:
    rows = ad_metrics(SEED, UNTIL_MS, messages)
    clicks, claimed = (sum(row[name] for row in rows) for name in ("clicks", "claimed_conversions"))
    assert 0.1 < claimed / clicks < 0.6
    # Sign-ups and leads are worth nothing.
    assert not [row for row in rows if row["claimed_conversions"] == 0 and row["claimed_revenue"] != "0.00"]


def test_cookieless_browsers_and_bots_send_recent_page_views() -> None:
    made = browsers(SEED, UNTIL_MS)

    known = [browser for browser in made if "anonymous_id" in browser.events[0]]
    assert (len(made) - len(known), len(known)) == (40, 3)
    assert len({browser.user_agent for browser in made}) == len(made)
    assert all("bot" in browser.user_agent.lower() for browser in known)
    events = [event for browser in made for event in browser.events]
    assert len({event["event_id"] for event in events}) == len(events)
    assert {event["kind"] for event in events} == {"page"}
    assert min(from_rfc3339(event["timestamp"]) for event in events) > UNTIL_MS - 30 * DAY_MS
    assert max(from_rfc3339(event["timestamp"]) for event in events) < UNTIL_MS
    assert browsers(SEED, UNTIL_MS) == made


@pytest.mark.parametrize("until", ["2026-11-24T18:00:00Z", "2026-11-25T18:00:00Z", "2026-11-26T08:00:00Z"])
def test_nobody_converts_on_the_last_tuesday_with_a_whole_day_after_it(until: str) -> None:
    tuesday = Season(from_rfc3339(until)).bad_tuesday
    made = traffic(SEED, from_rfc3339(until))
    converted = Counter(day(one) for one in made if one.get("event") in ("Order Completed", "Lead", "Signed Up"))

    assert tuesday == date(2026, 11, 24 if until > "2026-11-26" else 17)
    assert tuesday.weekday() == 1
    assert converted[tuesday] == 0
    assert min(converted[tuesday + timedelta(days=away)] for away in (-7, -1, 1)) >= 6
    refunded = {one["properties"]["order_id"] for one in named(made, "Order Refunded")}
    assert refunded <= {one["properties"]["order_id"] for one in named(made, "Order Completed")}
