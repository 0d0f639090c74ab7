"""The people of the sample: their visits, on one device or two, their orders, and what becomes of these."""

import random
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from optiq.kernel.clock import DAY_MS, HOUR_MS, SECOND_MS, to_rfc3339

from infra.local.sample.season import Season
from infra.local.sample.world import AGENTS, HABITS, HOST, PRODUCTS, RETURNING, WAYS, Habit, Weights

REPORTED_TWICE = 0.35
"""The share of orders that the shop's server reports besides the page, under the same order id."""
CANCELLED_ORDER = 100
"""The number of the one order that is cancelled."""
_REFUNDED = 0.08
_RETURNS = 0.4
_FIRST_NUMBER = 10_000

Message = dict[str, Any]


@dataclass(slots=True)
class Shop:
    """What all people share: the calendar, the messages and the number of orders so far."""

    season: Season
    messages: list[Message] = field(default_factory=list)
    orders: int = 0


class Person:
    """A person with one device or two, and perhaps an account."""

    def __init__(self, shop: Shop, number: int, chance: random.Random) -> None:
        self._shop, self._chance = shop, chance
        self._habit = HABITS[self._pick({name: habit.share for name, habit in HABITS.items()})]
        agents = self._chance.sample(AGENTS, 2 if self._chance.random() < 0.3 else 1)
        self._devices = [(f"{self._chance.getrandbits(80):020x}", agent) for agent in agents]
        self._anonymous_id, self._agent = self._devices[0]
        self._user_id = f"customer-{number:05d}"
        self._traits = {"email": f"{self._user_id}@mail.example"}
        self._has_account = self._chance.random() < self._habit.account
        self._currency = "USD" if self._chance.random() < 0.15 else "EUR"
        self._now_ms, self._page = 0, ""

    def live(self) -> None:
        """The first journey, and after each sale perhaps another one, weeks later."""
        bought = self._journey(self._habit, self._shop.season.first_day(self._chance))
        while bought is not None and self._chance.random() < _RETURNS:
            bought = self._journey(RETURNING, bought + 12 + int(self._chance.expovariate(1 / 14)))

    def _journey(self, habit: Habit, day: int) -> int | None:
        """The visits from a day on; returns the day of the sale, if there is one."""
        visits, buys = self._chance.randint(*habit.visits), self._chance.random() < habit.buys
        for number in range(visits if buys else self._chance.randint(1, visits)):
            if day >= len(self._shop.season.days):
                return None
            ways = habit.opens if number == 0 else habit.closes if number == visits - 1 else habit.between
            goal = habit.goals[number] if number < len(habit.goals) else ""
            self._visit(day, self._pick(ways), goal, buys=buys and number == visits - 1)
            visited, day = day, day + 1 + int(self._chance.expovariate(1 / habit.gap_days))
        return visited if buys else None

    def _visit(self, day: int, way: str, goal: str, *, buys: bool) -> None:
        self._anonymous_id, self._agent = self._chance.choice(self._devices)
        self._now_ms = self._shop.season.moment(day, self._chance)
        self._view(self._link(way), WAYS[way].referrer)
        if goal:
            self._say("track", event=goal, properties={})
        self._has_account |= goal == "Signed Up"
        if self._has_account and (goal or buys or self._chance.random() < 0.5):
            self._say("identify", userId=self._user_id, traits=self._traits)
        if buys or self._chance.random() < 0.55:
            product = self._chance.choice(list(PRODUCTS))
            self._view(f"{HOST}/products/{product}")
            self._say("track", event="Product Viewed", properties={"product_id": PRODUCTS[product][0]})
        if buys:
            self._order()

    def _link(self, name: str) -> str:
        way, query = WAYS[name], {}
        if way.utm:
            query = dict(zip(("utm_source", "utm_medium", "utm_campaign"), way.utm, strict=True))
            query["utm_content"] = self._chance.choice(way.ads)
        if way.terms:
            query["utm_term"] = self._chance.choice(way.terms)
        if way.click_id:
            query[way.click_id] = f"{self._chance.getrandbits(64):016x}"
        return f"{HOST}{way.page}" + (f"?{urlencode(query)}" if query else "")

    def _order(self) -> None:
        self._view(f"{HOST}/checkout")
        self._shop.orders += 1
        products = self._chance.sample(list(PRODUCTS.values()), self._chance.choice((1, 1, 2, 2, 3)))
        lines = [{"product_id": id_, "price": price, "quantity": 1} for id_, price in products]
        order = {"order_id": f"HH-{_FIRST_NUMBER + self._shop.orders}", "currency": self._currency} | _worth(lines)
        self._say("track", event="Order Completed", properties=order)
        if self._chance.random() < REPORTED_TWICE:
            self._report("Order Completed", order, self._chance.randint(2, 40) * SECOND_MS)
        if self._shop.orders == CANCELLED_ORDER:
            self._report("Order Cancelled", order, 2 * HOUR_MS)
        elif self._chance.random() < _REFUNDED:
            self._refund(order, lines if self._chance.random() < 0.4 else lines[:1])

    def _refund(self, order: Message, lines: list[Message]) -> None:
        """Takes these lines off an order: by the server, or on the returns page of somebody without an account."""
        refund, after_ms = order | _worth(lines), self._chance.randint(3, 12) * DAY_MS
        if self._has_account:
            self._report("Order Refunded", refund, after_ms)
        else:
            self._now_ms += after_ms
            self._view(f"{HOST}/returns", "")
            self._say("track", event="Order Refunded", properties=refund)

    def _pick(self, weights: Weights) -> str:
        return self._chance.choices(list(weights), list(weights.values()))[0]

    def _view(self, url: str, referrer: str | None = None) -> None:
        page = {"url": url, "referrer": self._page if referrer is None else referrer}
        self._page = url
        self._say("page", context={"page": page, "userAgent": self._agent})

    def _say(self, kind: str, **fields: Any) -> None:
        """An event of the page."""
        self._now_ms += int(self._chance.uniform(8, 90) * SECOND_MS)
        message = {
            "type": kind,
            "messageId": f"{self._anonymous_id}.{len(self._shop.messages)}",
            "anonymousId": self._anonymous_id,
            "timestamp": to_rfc3339(self._now_ms),
            "context": {"page": {"url": self._page}, "userAgent": self._agent},
        }
        self._shop.messages.append(message | fields)

    def _report(self, event: str, properties: Message, after_ms: int) -> None:
        """An event of the shop's server, which knows the customer's number and address, and no device."""
        message = {
            "type": "track",
            "event": event,
            "messageId": f"{properties['order_id']}.{event}",
            "userId": self._user_id,
            "timestamp": to_rfc3339(self._now_ms + after_ms),
            "context": {"traits": self._traits},
            "properties": properties,
        }
        self._shop.messages.append(message)


def _worth(lines: list[Message]) -> Message:
    return {"revenue": str(sum(Decimal(line["price"]) for line in lines)), "products": lines}
