"""Sixty days of a shop's visitors, made from a seed: the same seed and end give the same events, to the id.

People come by a dozen channels, look around, come back by other ways, and some buy, most in euros, some in
dollars. Events are messages of Segment's API with their own times.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from optiq.kernel.clock import DAY_MS, HOUR_MS, SECOND_MS, to_rfc3339

DAYS = 60
HOST = "https://shop.example"
_VISITORS_PER_DAY = 24
_PRODUCTS = (("harbour-mug", "18.00"), ("linen-throw", "64.50"), ("oak-tray", "39.00"), ("reading-lamp", "49.90"))
_ADS = "?utm_source={}&utm_medium={}&utm_campaign={}"


@dataclass(frozen=True, slots=True)
class Way:
    """A way people come: how many use it first, how many again, how ready they are to buy."""

    name: str
    first: float
    again: float
    buys: float
    query: str = ""
    referrer: str = ""
    click_id: str = ""
    page: str = "/"


WAYS = (
    Way("google organic", 22, 10, 0.05, referrer="https://www.google.com/"),
    Way("bing organic", 4, 2, 0.05, referrer="https://www.bing.com/"),
    Way("direct", 8, 30, 0.09),
    Way("brand search", 7, 14, 0.14, _ADS.format("google", "cpc", "brand"), "https://www.google.com/", "gclid"),
    Way(
        "generic search",
        11,
        4,
        0.06,
        _ADS.format("google", "cpc", "homeware"),
        "https://www.google.com/",
        "gclid",
        "/collections/homeware",
    ),
    Way(
        "shopping",
        9,
        4,
        0.08,
        _ADS.format("google", "cpc", "shopping-lamps"),
        "https://www.google.com/",
        "gclid",
        "/products/reading-lamp",
    ),
    Way("performance", 5, 3, 0.05, _ADS.format("google", "cpc", "cross-network-autumn"), "", "gclid"),
    Way(
        "meta ads",
        13,
        7,
        0.03,
        _ADS.format("facebook", "paid_social", "new-rooms"),
        "https://l.facebook.com/",
        "fbclid",
    ),
    Way("instagram", 6, 3, 0.02, referrer="https://l.instagram.com/"),
    Way("newsletter", 1, 16, 0.12, _ADS.format("newsletter", "email", "spring"), page="/collections/spring"),
    Way("affiliate", 4, 2, 0.09, _ADS.format("dealhunter", "affiliate", "partners"), "https://dealhunter.example/"),
    Way("display", 6, 5, 0.01, _ADS.format("adnetwork", "display", "retarget-cart")),
    Way("youtube", 3, 1, 0.02, referrer="https://www.youtube.com/"),
    Way("assistant", 3, 1, 0.07, referrer="https://chatgpt.com/"),
    Way("blog", 4, 1, 0.04, referrer="https://slowhome.example/ten-lamps", page="/products/reading-lamp"),
    Way("sms", 0, 2, 0.10, _ADS.format("sms", "sms", "back-in-stock"), page="/products/oak-tray"),
)
_PAID: tuple[tuple[str, str, str, float, float, str], ...] = (
    # Source, medium, campaign, spend and clicks of a usual day, currency of the ad account.
    ("google", "cpc", "brand", 9, 12, "EUR"),
    ("google", "cpc", "homeware", 31, 27, "EUR"),
    ("google", "cpc", "shopping-lamps", 24, 22, "EUR"),
    ("google", "cpc", "cross-network-autumn", 18, 13, "EUR"),
    ("facebook", "paid_social", "new-rooms", 34, 31, "USD"),
    ("adnetwork", "display", "retarget-cart", 7, 15, "EUR"),
)


@dataclass(frozen=True, slots=True)
class Traffic:
    """All messages, oldest first, and what they amount to."""

    messages: list[dict[str, Any]]
    orders: int


def traffic(seed: int, until_ms: int) -> Traffic:
    """The messages of the DAYS before `until_ms`."""
    chance = random.Random(seed)  # noqa: S311 - a sample, no secret
    messages = [message for visitor in _visitors(chance, until_ms) for message in visitor]
    kept = sorted((m for m in messages if m["timestamp"] < to_rfc3339(until_ms)), key=lambda m: str(m["timestamp"]))
    return Traffic(kept, sum(message.get("event") == "Order Completed" for message in kept))


def ad_metrics(seed: int, days: list[str]) -> list[dict[str, Any]]:
    """A row for each campaign and day, as POST …/ad-metrics takes them."""
    chance = random.Random(seed)  # noqa: S311
    return [
        {
            "day": day,
            "source": source,
            "medium": medium,
            "campaign": campaign,
            "impressions": int(clicks * chance.uniform(25, 60)),
            "clicks": int(clicks * chance.uniform(0.7, 1.3)),
            "spend": f"{spend * chance.uniform(0.75, 1.25):.2f}",
            "currency": currency,
        }
        for day in days
        for source, medium, campaign, spend, clicks, currency in _PAID
    ]


def _visitors(chance: random.Random, until_ms: int) -> Iterator[list[dict[str, Any]]]:
    for day in range(DAYS):
        day_ms = until_ms - (DAYS - day) * DAY_MS
        weekend = (day_ms // DAY_MS + 4) % 7 >= 5
        for _ in range(int(_VISITORS_PER_DAY * (0.8 + 0.4 * day / DAYS) * (0.7 if weekend else 1.1))):
            yield _Visitor(chance, day_ms + int(chance.betavariate(3, 2.2) * DAY_MS)).visits()


class _Visitor:
    """One person with one device: their visits, until they have bought and been back, or lost interest."""

    def __init__(self, chance: random.Random, first_ms: int) -> None:
        self._chance = chance
        self._now_ms = first_ms
        self._anonymous_id = f"{chance.getrandbits(80):020x}"
        self._user_id = f"customer-{chance.getrandbits(40):010x}" if chance.random() < 0.4 else ""
        self._currency = "USD" if chance.random() < 0.2 else "EUR"
        self._messages: list[dict[str, Any]] = []
        self._page = f"{HOST}/"

    def visits(self) -> list[dict[str, Any]]:
        way = self._chance.choices(WAYS, [way.first for way in WAYS])[0]
        interest = 0.0
        while True:
            bought = self._visit(way, interest)
            if self._chance.random() > (0.15 if bought else 0.45):
                return self._messages
            self._now_ms += int(self._chance.expovariate(1 / (4 * DAY_MS))) + 2 * HOUR_MS
            way = self._chance.choices(WAYS, [way.again for way in WAYS])[0]
            interest += 0.05

    def _visit(self, way: Way, interest: float) -> bool:
        click = f"{way.click_id}={self._chance.getrandbits(64):x}" if way.click_id else ""
        joined = "&" if way.query and click else "?" if click else ""
        self._view(f"{HOST}{way.page}{way.query}{joined}{click}", way.referrer)
        if self._chance.random() < 0.45:
            return False
        product, price = self._chance.choice(_PRODUCTS)
        self._view(f"{HOST}/products/{product}")
        self._say("track", event="Product Viewed", properties={"product": product})
        if self._chance.random() > (way.buys + interest) * 0.8:
            return False
        self._view(f"{HOST}/checkout")
        if self._user_id:
            self._say("identify", userId=self._user_id)
        quantity = self._chance.choice((1, 1, 1, 2, 2, 3))
        order = {"order_id": f"{self._chance.getrandbits(32):08x}", "revenue": f"{float(price) * quantity:.2f}"}
        self._say("track", event="Order Completed", properties=order | {"currency": self._currency})
        return True

    def _view(self, url: str, referrer: str | None = None) -> None:
        page = {"url": url, "referrer": self._page if referrer is None else referrer}
        self._page = url
        self._say("page", context={"page": page})

    def _say(self, kind: str, **said: Any) -> None:
        self._now_ms += int(self._chance.uniform(8, 90) * SECOND_MS)
        message = {
            "type": kind,
            "messageId": f"{self._anonymous_id}.{len(self._messages)}",
            "anonymousId": self._anonymous_id,
            "timestamp": to_rfc3339(self._now_ms),
            "context": {"page": {"url": self._page}},
        }
        self._messages.append(message | said)
