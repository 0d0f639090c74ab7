"""The channel that a source, medium and campaign make.

The default channels are Google Analytics 4's grouping (support.google.com/analytics/answer/9756891), first
match wins, without regard to case; "AI Assistant" was added to it in May 2026. A site's own rules come first.
Different from it, a visit from a mail program is Email, not Referral.
"""

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from functools import lru_cache

from optiq.journeys.origins import DIRECT_SOURCE, EMAIL, NO_MEDIUM, NOT_SET, SEARCH_AD_CLICKS, Origin
from optiq.journeys.sites import site_of_source
from optiq.tenancy.contracts import ChannelRule

_PAID = re.compile(r"^(.*cp.*|ppc|retargeting|paid.*)$")
_SHOP = re.compile(r"^(.*(([^a-df-z]|^)shop|shopping).*)$")
_DISPLAY = frozenset({"display", "banner", "expandable", "interstitial", "cpm"})
_SOCIAL = frozenset({"social", "social-network", "social-media", "sm", "social network", "social media"})
_REFERRAL = frozenset({"referral", "app", "link"})


def channel_of(origin: Origin, rules: Sequence[ChannelRule] = ()) -> str:
    """The channel: the first of the site's own rules that fits, else the default grouping."""
    searched_ad = bool(origin.click_ids) and any(name in SEARCH_AD_CLICKS for name, _ in origin.click_ids)
    return channel_named(origin.source, origin.medium, origin.campaign, rules, searched_ad=searched_ad)


def channel_named(
    source: str, medium: str, campaign: str, rules: Sequence[ChannelRule] = (), *, searched_ad: bool = False
) -> str:
    """The channel of a source, medium and campaign; `searched_ad`: a search engine's own ad click id came along."""
    source, medium, campaign = source.lower(), medium.lower(), campaign.lower()
    for rule in rules:
        if _fits(rule.source, source) and _fits(rule.medium, medium) and _fits(rule.campaign, campaign):
            return rule.channel
    return _default_channel(source, medium, campaign, searched_ad)


def _fits(pattern: str, value: str) -> bool:
    return not pattern or fnmatchcase(value, pattern.lower())


@lru_cache(maxsize=8192)
def _default_channel(source: str, medium: str, campaign: str, searched_ad: bool) -> str:
    site = site_of_source(source)
    kind = site[0] if site else ""
    if source == DIRECT_SOURCE and medium in (NO_MEDIUM, NOT_SET):
        return "Direct"
    if "cross-network" in campaign:
        return "Cross-network"
    shopping = kind == "shopping" or bool(_SHOP.match(campaign))
    if _PAID.match(medium) or (searched_ad and kind == "search"):
        return _paid_channel(kind, medium, shopping)
    if medium in _DISPLAY:
        return "Display"
    return _unpaid_channel(source, medium, kind, shopping)


def _paid_channel(kind: str, medium: str, shopping: bool) -> str:
    if shopping:
        return "Paid Shopping"
    by_kind = {"search": "Paid Search", "social": "Paid Social", "video": "Paid Video"}
    return by_kind.get(kind) or ("Display" if medium in _DISPLAY else "Paid Other")


def _unpaid_channel(source: str, medium: str, kind: str, shopping: bool) -> str:
    tests = (
        (shopping, "Organic Shopping"),
        (kind == "social" or medium in _SOCIAL, "Organic Social"),
        (kind == "video" or "video" in medium, "Organic Video"),
        (kind == "search" or medium == "organic", "Organic Search"),
        (kind == "assistant" or medium == "ai-assistant", "AI Assistant"),
        (kind == "email" or source in EMAIL or medium in EMAIL, "Email"),
        (medium == "affiliate", "Affiliates"),
        (medium in _REFERRAL, "Referral"),
        (medium == "audio", "Audio"),
        (source == "sms" or medium == "sms", "SMS"),
        (
            source == "firebase" or medium.endswith("push") or "mobile" in medium or "notification" in medium,
            "Mobile Push",
        ),
    )
    return next((channel for holds, channel in tests if holds), "Unassigned")
