"""Devices, browsers and systems from user agents; bots among them."""

import json
import zlib

import pytest
from optiq.journeys.agents import agent_text, is_bot, read_agent
from optiq.journeys.history import pack, unpack

from tests.unit.journeys.facts import PHONE, fact

_CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0"


@pytest.mark.parametrize(
    ("user_agent", "text"),
    [
        (PHONE, "MOBILE|Mobile Safari|iOS"),
        (f"Mozilla/5.0 (Linux; Android 14; Pixel 8) {_CHROME} Mobile Safari/537.36", "MOBILE|Chrome Mobile|Android"),
        (f"Mozilla/5.0 (Linux; Android 13; SM-X700) {_CHROME} Safari/537.36", "TABLET|Chrome|Android"),
        ("Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) Version/16.6 Mobile/15E148 Safari/604.1", "TABLET|"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_CHROME} Safari/537.36", "DESKTOP|Chrome|Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_CHROME} Safari/537.36 Edg/126.0.0.0", "DESKTOP|Edge|Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "DESKTOP|Firefox|Linux"),
        (f"Mozilla/5.0 (Web0S; Linux/SmartTV) {_CHROME} Safari/537.36 WebAppManager", "TV|Chrome|Web0S"),
        (
            f"Mozilla/5.0 (Linux; Android 11; vivo X6S) {_CHROME} Mobile Safari/537.36 SogouMSE,SogouMobileBrowser/6",
            "MOBILE",
        ),
        (f"Mozilla/5.0 (Linux; Android 9; CUBOT_X18_Plus) {_CHROME} Mobile Safari/537.36", "MOBILE"),
        ("Mozilla/5.0", "||"),
        ("", ""),
    ],
)
def test_a_user_agent_tells_device_browser_and_system(user_agent: str, text: str) -> None:
    assert agent_text(user_agent).startswith(text)
    assert not read_agent(agent_text(user_agent)).bot


@pytest.mark.parametrize(
    "user_agent",
    [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/126.0.0.0 Safari/537.36",
        "curl/8.5.0",
        "PostmanRuntime/7.36.0",
        "Mozilla/5.0 (X11; Linux x86_64) Chrome/126.0.0.0 Safari/537.36 DatadogSynthetics",
        "Prerender (+https://github.com/prerender/prerender)",
        "FeedFetcher-Google; (+http://www.google.com/feedfetcher.html)",
        "Sogou web spider/4.0(+http://www.sogou.com/docs/help/webmasters.htm#07)",
    ],
)
def test_a_bot_is_known_by_its_user_agent(user_agent: str) -> None:
    assert is_bot(agent_text(user_agent))
    assert read_agent(agent_text(user_agent)).bot


def test_a_server_library_that_forwards_no_user_agent_is_no_bot() -> None:
    assert not is_bot(agent_text("analytics-python/2.3.3"))


def test_a_hostile_user_agent_is_read_in_bounded_length() -> None:
    agent = read_agent(agent_text("Mozilla/5.0 " + "|" * 100_000 + " Googlebot"))

    assert len(agent.browser) <= 40
    assert not agent.bot


def test_an_agent_that_stays_the_same_takes_no_room() -> None:
    agent = agent_text(PHONE)
    said = [fact(n, agent=agent) for n in range(20)]

    assert len(pack(said)) - len(pack([fact(n) for n in range(20)])) < 60
    assert unpack(pack(said)) == said


def test_facts_packed_before_agents_were_kept_have_none() -> None:
    # Twelve columns and fewer, as they were written then.
    rows = [[5, "e1", "r1", "d"], [3, "e2", "r2", "d", 1, "purchase", "", "", 0, "", 7, "EUR"]]

    facts = unpack(zlib.compress(json.dumps(rows).encode()))

    assert [(f.occurred_ms, f.agent, f.value_micros) for f in facts] == [(5, "", None), (8, "", 7)]
