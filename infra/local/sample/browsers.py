"""Visitors of the last days that the shop's server does not know: browsers that keep no id, and bots."""

import random
from dataclasses import dataclass
from itertools import product
from typing import Any

from optiq.kernel.clock import DAY_MS, SECOND_MS, to_rfc3339

from infra.local.sample.world import HOST, PRODUCTS

_SYSTEMS = ("Windows NT 10.0; Win64; x64", "X11; Linux x86_64", "Macintosh; Intel Mac OS X 10_15_7", "X11; CrOS x86_64")
_CHROME = "Mozilla/5.0 ({}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Safari/537.36"
_COOKIELESS = [_CHROME.format(*agent) for agent in product(_SYSTEMS, range(122, 132))]
"""One for each cookieless visitor: the network and the user agent tell them apart."""
_BOTS = (
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
)
_REFERRERS = ("https://www.google.com/", "https://www.google.com/", "https://www.bing.com/", "")
_DAYS = 20
"""A beacon's own time counts for 30 days."""


@dataclass(frozen=True, slots=True)
class Browser:
    """A user agent and what its tracker sends, in one beacon."""

    user_agent: str
    events: list[dict[str, Any]]


def browsers(seed: int, until_ms: int) -> list[Browser]:
    """Forty cookieless visitors and three bots."""
    chance = random.Random(seed)  # noqa: S311 - a sample, no secret
    pages = [f"{HOST}/products/{slug}" for slug in PRODUCTS]
    return [
        *(Browser(agent, _views(chance, until_ms, chance.sample(pages, 2))) for agent in _COOKIELESS),
        *(Browser(agent, _views(chance, until_ms, pages * 3, f"{agent[-20:]:0>20}")) for agent in _BOTS),
    ]


def _views(chance: random.Random, until_ms: int, pages: list[str], visitor: str = "") -> list[dict[str, Any]]:
    """Page views one after the other; `visitor` is "" without a cookie."""
    at_ms = until_ms - int(chance.uniform(0.1, _DAYS) * DAY_MS)
    views = []
    for before, page in zip([chance.choice(_REFERRERS), *pages], pages, strict=False):
        at_ms += int(chance.uniform(8, 90) * SECOND_MS)
        event_id = f"{visitor}.{chance.getrandbits(64):x}".lstrip(".")
        view = {"event_id": event_id, "kind": "page", "timestamp": to_rfc3339(at_ms), "url": page, "referrer": before}
        views.append(view | ({"anonymous_id": visitor} if visitor else {}))
    return views
