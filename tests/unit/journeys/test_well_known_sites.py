"""The list of well-known sites: complete, without contradictions, and each entry with a rule."""

from collections import Counter
from collections.abc import Iterator

import pytest
from optiq.journeys.channels import channel_named, channel_of
from optiq.journeys.origins import origin_of
from optiq.journeys.sites import HOPS, KINDS, category_of, hop_of, site_of_host, site_of_source, well_known

KNOWN = well_known()
SHOP = ("shop.example",)
UNPAID = {
    "search": "Organic Search",
    "social": "Organic Social",
    "video": "Organic Video",
    "shopping": "Organic Shopping",
    "assistant": "AI Assistant",
    "email": "Email",
}
PAID = {"search": "Paid Search", "social": "Paid Social", "video": "Paid Video", "shopping": "Paid Shopping"}
CHANNELS_WITHOUT_A_SITE = {
    "Direct": ("(direct)", "(none)", ""),
    "Cross-network": ("elsewhere", "x", "cross-network"),
    "Display": ("elsewhere", "display", ""),
    "Paid Other": ("elsewhere", "cpc", ""),
    "Affiliates": ("elsewhere", "affiliate", ""),
    "Referral": ("elsewhere", "referral", ""),
    "Audio": ("elsewhere", "audio", ""),
    "SMS": ("sms", "x", ""),
    "Mobile Push": ("firebase", "x", ""),
    "Unassigned": ("elsewhere", "x", ""),
}


def _tokens(kind: str) -> Iterator[tuple[str, str]]:
    """The tokens of a kind, each with its site."""
    for site, tokens in KNOWN[kind].items():
        for token in (site, *tokens):
            yield token, site


def _host(token: str) -> str:
    return token.removeprefix("=").replace(".*", ".com")


def test_the_list_names_its_sources() -> None:
    assert {"Matomo, searchengine-and-social-list"} <= {source["from"] for source in KNOWN["sources"]}
    assert all(source["licence"] and source["what"] for source in KNOWN["sources"])


def test_every_category_of_the_list_has_a_rule() -> None:
    assert set(KNOWN) == {"about", "sources", "first_labels", *KINDS, *HOPS}
    assert set(UNPAID) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_host_of_the_list_has_the_channel_of_its_kind(kind: str) -> None:
    found = {
        token: channel_of(origin_of("https://shop.example/", f"https://{_host(token)}/", None, SHOP))
        for token, _ in _tokens(kind)
        if "." in token
    }

    assert {token: channel for token, channel in found.items() if channel != UNPAID[kind]} == {}


@pytest.mark.parametrize("kind", KINDS)
def test_every_name_of_the_list_has_the_channels_of_its_kind(kind: str) -> None:
    names = {token for token, site in _tokens(kind) if "." not in token or token == site}

    assert {name for name in names if channel_named(name, "referral", "") != UNPAID[kind]} == set()
    assert {name for name in names if channel_named(name, "cpc", "") != PAID.get(kind, "Paid Other")} == set()


@pytest.mark.parametrize("kind", KINDS)
def test_every_token_of_the_list_leads_to_its_own_site(kind: str) -> None:
    strayed = {
        token: found
        for token, site in _tokens(kind)
        if (found := site_of_host(_host(token)) if "." in token else site_of_source(token)) != (kind, site)
    }

    assert strayed == {}


@pytest.mark.parametrize("hop", HOPS)
def test_every_hop_of_the_list_is_no_touch(hop: str) -> None:
    strayed = [
        host
        for host in KNOWN[hop]
        if not origin_of("https://shop.example/", f"https://www.{_host(host)}/x", None, SHOP).internal
    ]

    assert strayed == []
    assert {category_of(_host(host)) for host in KNOWN[hop]} == {"other"}


@pytest.mark.parametrize("domain", ["bank.example", "shop.bank.example"])
def test_every_first_label_of_the_list_is_of_hosts_of_any_domain(domain: str) -> None:
    labels = KNOWN["first_labels"]
    for label in labels["email"]:
        assert channel_of(origin_of("https://shop.example/", f"https://{label}.{domain}/", None, SHOP)) == "Email"
    for label in labels["payment"]:
        assert origin_of("https://shop.example/", f"https://{label}.{domain}/", None, SHOP).hop
    # A domain of that name is another's.
    assert {site_of_host(f"{label}.example") for of_kind in labels.values() for label in of_kind} == {None}
    assert not [label for of_kind in labels.values() for label in of_kind if hop_of(f"{label}.example")]


def test_no_token_of_the_list_stands_twice() -> None:
    tokens = [token for kind in KINDS for token, _ in _tokens(kind)] + [host for hop in HOPS for host in KNOWN[hop]]

    assert [token for token, times in Counter(tokens).items() if times > 1] == []


def test_tokens_are_written_in_one_way() -> None:
    tokens = [token for kind in KINDS for token, _ in _tokens(kind)] + [host for hop in HOPS for host in KNOWN[hop]]

    assert [token for token in tokens if token != token.strip().lower() or token.startswith("www.")] == []


@pytest.mark.parametrize(("channel", "said"), CHANNELS_WITHOUT_A_SITE.items())
def test_every_channel_without_a_site_has_a_rule(channel: str, said: tuple[str, str, str]) -> None:
    assert channel_named(*said) == channel


@pytest.mark.parametrize(
    ("host", "category"),
    [
        ("facebook.com.evil.example", "other"),
        ("notfacebook.com", "other"),
        ("docs.google.com", "other"),
        ("google.evil", "other"),
        ("com", "other"),
        ("", "other"),
        ("mail.google.com", "email"),
        ("shopping.google.com", "shopping"),
        ("groups.google.com", "social"),
        ("gemini.google.com", "assistant"),
        ("news.google.de", "search"),
        ("suche.web.de", "search"),
        ("navigator.web.de", "email"),
        ("tieba.baidu.com", "social"),
        ("l.instagram.com", "social"),
        ("t.co", "social"),
        ("perplexity.ai", "assistant"),
        ("www.bing.com", "search"),
    ],
)
def test_category_of_takes_the_entry_that_fits_most(host: str, category: str) -> None:
    assert category_of(host) == category
