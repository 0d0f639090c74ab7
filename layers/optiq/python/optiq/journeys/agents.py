"""What a user agent says of its device, browser and system, and whether it is a bot.

Browsers and systems are told by ua-parser (the uap-core rules), bots by the crawler-user-agents list and those rules.
Facts keep the answer as one short text, so that a later version of the lists rewrites no history.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from optiq.kernel.events import EventAccepted

Device = Literal["", "DESKTOP", "MOBILE", "TABLET", "TV", "BOT"]

_BOT = "BOT|"
_MAX_AGENT = 500
_MAX_NAME = 40
_BROWSERS = re.compile("SogouMobileBrowser|SogouMSE")
"""Of people, though the list of crawlers takes their maker's name for its crawler."""
_BESIDES = re.compile("PostmanRuntime|[Pp]rerender|FeedFetcher|Datadog/?Synthetics")
"""Not in the list of crawlers."""
_HANDHELD_SYSTEMS = frozenset({"iOS", "Android"})


@dataclass(frozen=True, slots=True)
class Agent:
    """What a session was made with; "" is what nobody said."""

    device: Device
    browser: str
    os: str

    @property
    def bot(self) -> bool:
        return self.device == "BOT"


@lru_cache(maxsize=8192)
def agent_text(user_agent: str) -> str:
    """`device|browser|os` of a user agent, "" of none; what it says beyond 500 characters is ignored."""
    if not user_agent:
        return ""
    # Imported late: a fifth of a second, which only the consumer should pay.
    import crawleruseragents  # type: ignore[import-untyped]
    import ua_parser

    user_agent = user_agent[:_MAX_AGENT]
    parsed = ua_parser.parse(user_agent)
    browser = parsed.user_agent.family if parsed.user_agent else ""
    system = parsed.os.family if parsed.os else ""
    model = parsed.device.family if parsed.device else ""
    bot = (model == "Spider" or crawleruseragents.is_crawler(user_agent)) and not _BROWSERS.search(user_agent)
    bot = bot or _BESIDES.search(user_agent) is not None
    device = "BOT" if bot else _device(user_agent, system, model)
    return "|".join((device, _name(browser), _name(system)))


@lru_cache(maxsize=8192)
def read_agent(text: str) -> Agent:
    """What `agent_text` made."""
    if not text:
        return Agent("", "", "")
    device, browser, system = text.split("|")
    known: dict[str, Device] = {"DESKTOP": "DESKTOP", "MOBILE": "MOBILE", "TABLET": "TABLET", "TV": "TV", "BOT": "BOT"}
    return Agent(known.get(device, ""), browser, system)


def agent_of_event(event: EventAccepted) -> str:
    """What an event's user agent says of its visitor, as `agent_text` writes it.

    The rules for bots are for browsers. What a server sends with its key carries the agent of whatever called the
    server, an app's HTTP library or a payment provider: of these only page views by agents that pose as
    browsers are bots'.
    """
    text = agent_text(event.user_agent)
    if not event.from_server or not is_bot(text):
        return text
    return text if event.kind == "PAGE" and event.user_agent.startswith("Mozilla/") else text.removeprefix("BOT")


def is_bot(text: str) -> bool:
    return text.startswith(_BOT)


def _device(user_agent: str, system: str, model: str) -> Device:
    """Phones say "Mobi" (developer.mozilla.org, "Browser detection using the user agent"); Android without it is a
    tablet (developer.chrome.com, "User-Agent strings"); iPads that ask for desktop pages say they are Macs."""
    if "TV" in user_agent or model == "Chromecast":
        return "TV"
    if model == "iPad" or "Tablet" in user_agent or (system == "Android" and "Mobi" not in user_agent):
        return "TABLET"
    if "Mobi" in user_agent or system in _HANDHELD_SYSTEMS:
        return "MOBILE"
    return "DESKTOP" if system else ""


def _name(family: str) -> str:
    return family.replace("|", " ")[:_MAX_NAME]
