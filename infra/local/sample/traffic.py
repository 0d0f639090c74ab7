"""Ninety days of a shop's traffic, made from a seed: the same seed and end give the same events, to the id."""

import random
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from optiq.kernel.clock import day_of, from_rfc3339, parse_timezone, to_rfc3339

from infra.local.sample.claims import Claimed, Utm, claims
from infra.local.sample.people import Message, Person, Shop
from infra.local.sample.season import TIMEZONE, Season
from infra.local.sample.world import WAYS

_PEOPLE = 2_750
_BY_TELEPHONE = 0.2
_DOLLARS = Decimal("1.1")
_CONVERSIONS = ("Order Completed", "Lead", "Signed Up")
_UTM = ("utm_source", "utm_medium", "utm_campaign")


def traffic(seed: int, until_ms: int) -> list[Message]:
    """The messages of the sample's days until a moment, for Segment's API, oldest first."""
    season = Season(until_ms)
    shop = Shop(season)
    for number in range(_PEOPLE):
        # Chance of their own keeps people the same, whatever day it is today and whatever others do.
        Person(shop, number, random.Random(f"{seed}.{number}")).live()  # noqa: S311 - a sample, no secret
    until = to_rfc3339(until_ms)
    possible = _without_conversions_of(season.bad_tuesday, shop.messages)
    happened = [message for message in possible if message["timestamp"] < until]
    return sorted(happened, key=lambda message: (message["timestamp"], message["messageId"]))


def ad_metrics(seed: int, until_ms: int, messages: list[Message]) -> list[dict[str, Any]]:
    """What ads cost: a row for each campaign and day, as POST …/ad-metrics takes them.

    Clicks are the visits that came, and a few that no page reported.
    """
    chance = random.Random(seed)  # noqa: S311
    visits, claimed = _ad_visits(messages), ad_claims(seed, messages)
    return [
        {
            "day": day.isoformat(),
            "source": way.utm[0],
            "medium": way.utm[1],
            "campaign": way.utm[2],
            "impressions": int(clicks * chance.uniform(25, 60)),
            "clicks": clicks,
            "spend": f"{clicks * way.click_cost * chance.uniform(0.85, 1.15):.2f}",
            "currency": way.currency,
            "claimed_conversions": of_day.count,
            "claimed_revenue": f"{of_day.euros * (_DOLLARS if way.currency == 'USD' else 1):.2f}",
        }
        for day in Season(until_ms).days
        for way in WAYS.values()
        if way.click_cost
        for clicks in [visits[(day.isoformat(), *way.utm)] + chance.randint(0, 1)]
        for of_day in [claimed.get((day.isoformat(), way.utm), Claimed())]
    ]


def ad_claims(seed: int, messages: list[Message]) -> Mapping[tuple[str, Utm], Claimed]:
    """What platforms claim, by day and source, medium and campaign."""
    advertised = [way.utm for way in WAYS.values() if way.click_cost]
    return claims(messages, advertised, parse_timezone(TIMEZONE), seed, _DOLLARS)


def shop_totals(seed: int, until_ms: int, messages: list[Message]) -> list[dict[str, Any]]:
    """What the shop reports of each day that has ended, as POST …/shop-totals takes it: its orders before refunds, in
    EUR at a rate of its own, and some that came by telephone.
    """
    chance = random.Random(f"{seed}.shop")  # noqa: S311
    zone = parse_timezone(TIMEZONE)
    orders: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for message in messages:
        if message.get("event") == "Order Completed":
            order = message["properties"]
            ordered_on = day_of(from_rfc3339(message["timestamp"]), zone).isoformat()
            if not any(order["order_id"] in of_day for of_day in orders.values()):
                euros = Decimal(order["revenue"]) / (_DOLLARS if order["currency"] == "USD" else 1)
                orders[ordered_on][order["order_id"]] = euros
    totals = []
    for day in Season(until_ms).days[:-1]:
        of_day = orders[day.isoformat()]
        by_telephone = [Decimal(chance.randint(20, 90)) for _ in range(chance.random() < _BY_TELEPHONE)]
        revenue = f"{sum((*of_day.values(), *by_telephone), Decimal(0)):.2f}"
        count = len(of_day) + len(by_telephone)
        totals.append({"day": day.isoformat(), "orders": count, "revenue": revenue, "currency": "EUR"})
    return totals


def _without_conversions_of(day: date, messages: list[Message]) -> list[Message]:
    """What is left when nobody could order or leave an address on a day: no refund of such an order either.

    The one order that is cancelled is there whatever its day.
    """
    zone = parse_timezone(TIMEZONE)
    cancelled = {_order_of(message) for message in messages if message.get("event") == "Order Cancelled"}
    lost = {
        message["messageId"]: _order_of(message)
        for message in messages
        if message.get("event") in _CONVERSIONS
        and day_of(from_rfc3339(message["timestamp"]), zone) == day
        and _order_of(message) not in cancelled
    }
    orders = set(lost.values()) - {""}
    return [one for one in messages if one["messageId"] not in lost and _order_of(one) not in orders]


def _order_of(message: Message) -> str:
    return str(message.get("properties", {}).get("order_id", ""))


def _ad_visits(messages: list[Message]) -> Counter[tuple[str, ...]]:
    """How many landings there are by day, source, medium and campaign."""
    zone = parse_timezone(TIMEZONE)
    found: Counter[tuple[str, ...]] = Counter()
    for message in messages:
        query = dict(parse_qsl(urlsplit(message["context"].get("page", {}).get("url", "")).query))
        if message["type"] == "page" and "utm_source" in query:
            day = day_of(from_rfc3339(message["timestamp"]), zone)
            found[(day.isoformat(), *(query[name] for name in _UTM))] += 1
    return found
