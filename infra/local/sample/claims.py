"""What platforms claim of the sample's sales, as real ones do: each takes a sale whole that came within so many days
after a click on one of its ads, whoever else had a part in it. So their claims come to more than there were sales.

Some of Meta's claims are of people who saw an ad and did not click, and a few of every platform nobody can check.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from optiq.kernel.clock import DAY_MS, day_of, from_rfc3339

from infra.local.sample.people import Message

_SALES = ("Order Completed", "Signed Up", "Lead")
_DAYS: Mapping[str, int] = {"google": 30, "bing": 30, "facebook": 7, "tiktok": 7}
"""Within how many days after a click each platform claims a sale; those of other networks are like Meta's."""
_USUAL_DAYS = 7
_SEEN, _ESTIMATED = 0.05, 0.06
"""The shares of sales that Meta claims after a view alone, and that any platform claims by an estimate."""
_SEEN_BY = "facebook"
_UTM = ("utm_source", "utm_medium", "utm_campaign")
Utm = tuple[str, ...]
"""Source, medium and campaign of an ad's links."""


@dataclass(slots=True)
class Claimed:
    """What a platform claims of a day and campaign.

    Attributes:
        count: sales, on the day of the click. then: sales on their own day. viewed: those of `count` without a click.
        euros: what they are worth.
    """

    count: int = 0
    then: int = 0
    viewed: int = 0
    euros: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Sale:
    at_ms: int
    euros: Decimal


def claims(
    messages: Sequence[Message], advertised: Iterable[Utm], zone: ZoneInfo, seed: int, dollars: Decimal
) -> Mapping[tuple[str, Utm], Claimed]:
    """By day and campaign. So many `dollars` are worth a euro."""
    by_source: defaultdict[str, list[Utm]] = defaultdict(list)
    for utm in advertised:
        by_source[utm[0]].append(utm)
    chance = random.Random(f"{seed}.claims")  # noqa: S311 - a sample, no secret
    found: defaultdict[tuple[str, Utm], Claimed] = defaultdict(Claimed)
    for clicks, sales in _people(messages, dollars):
        for sale in sales:
            for source, own in sorted(by_source.items()):
                click = _last_click(clicks, own, sale.at_ms, _DAYS.get(source, _USUAL_DAYS))
                seen = source == _SEEN_BY and click is None and chance.random() < _SEEN
                estimated = click is None and not seen and chance.random() < _ESTIMATED / len(by_source)
                if click is None and not seen and not estimated:
                    continue
                at_ms, utm = click or (sale.at_ms, chance.choice(own))
                one = found[day_of(at_ms, zone).isoformat(), utm]
                one.count += 1
                one.viewed += seen
                one.euros += sale.euros
                found[day_of(sale.at_ms, zone).isoformat(), utm].then += 1
    return found


def _last_click(
    clicks: Sequence[tuple[int, Utm]], own: Sequence[Utm], sold_ms: int, days: int
) -> tuple[int, Utm] | None:
    within = [one for one in clicks if one[1] in own and sold_ms - days * DAY_MS <= one[0] < sold_ms]
    return max(within, default=None)


def _people(messages: Sequence[Message], dollars: Decimal) -> Iterator[tuple[list[tuple[int, Utm]], list[_Sale]]]:
    """The clicks and the sales of each person, as far as an account joins their devices."""
    known = (one for one in messages if one["type"] == "identify" and "anonymousId" in one)
    users = {one["anonymousId"]: one["userId"] for one in known}
    clicks: defaultdict[str, list[tuple[int, Utm]]] = defaultdict(list)
    sales: defaultdict[str, dict[str, _Sale]] = defaultdict(dict)
    for message in messages:
        anonymous = message.get("anonymousId", "")
        person = str(message.get("userId") or users.get(anonymous, anonymous))
        at_ms = from_rfc3339(message["timestamp"])
        query = dict(parse_qsl(urlsplit(message["context"].get("page", {}).get("url", "")).query))
        if message["type"] == "page" and "utm_source" in query:
            clicks[person].append((at_ms, tuple(query[name] for name in _UTM)))
        elif message.get("event") in _SALES:
            # An order that page and server report is one sale.
            number = message.get("properties", {}).get("order_id", message["messageId"])
            sales[person].setdefault(number, _Sale(at_ms, _euros(message, dollars)))
    for person in sorted(sales):
        yield clicks[person], list(sales[person].values())


def _euros(message: Message, dollars: Decimal) -> Decimal:
    properties = message.get("properties", {})
    revenue = Decimal(str(properties.get("revenue", 0)))
    return revenue / dollars if properties.get("currency") == "USD" else revenue
