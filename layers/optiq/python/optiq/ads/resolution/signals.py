"""What a touch says of the ad that it came from."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from optiq.ads.platforms.registry import kinds
from optiq.ads.platforms.reported import EntityLevel
from optiq.journeys.contracts import NOT_SET

_GOOGLE_CLICK = "gclid"
_LEVELS: Mapping[str, EntityLevel] = {
    "ad_id": "AD",
    "adset_id": "GROUP",
    "adgroup_id": "GROUP",
    "gad_campaignid": "CAMPAIGN",
    "campaign_id": "CAMPAIGN",
    "utm_id": "CAMPAIGN",
}
"""Of the parameters that have ids, the narrowest first."""
_PAID = re.compile(r"^(.*cp.*|ppc|retargeting|paid.*|.*[_-]paid|display|banner|expandable|interstitial|video_ads?)$")
"""Mediums of advertisements, as Google Analytics tells them."""
_PLATFORMS_ID = re.compile(r"[0-9]{8,}")
"""Ids of platforms: an own parameter of a site with fewer digits, or with letters, is none."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What a touch says.

    Attributes:
        platform: whose ad it was, or "" where that is not told.
        click_id: by which the platform may name the ad, or "".
        ids: level and id, the narrowest first.
        names_itself: the platform itself wrote the first of `ids`. named: utm_campaign, or "".
        is_ad: it came from an advertisement, by its click id, its ids or its medium.
    """

    platform: str
    click_id: str
    ids: tuple[tuple[EntityLevel, str], ...]
    names_itself: bool
    named: str
    is_ad: bool

    @property
    def foreign_id(self) -> str:
        """The first id that a platform gave, if it is of no connected account; "" for none."""
        return next((value for _, value in self.ids if self.names_itself or _PLATFORMS_ID.fullmatch(value)), "")


def signals_of(
    source: str, medium: str, campaign: str, click_ids: str, ad_ids: str, sources: Mapping[str, str]
) -> Signals:
    """What a touch's columns in the lake say.

    Args:
        click_ids, ad_ids: JSON lists of pairs.
        sources: the platform of each source, in small letters.
    """
    clicks = dict(json.loads(click_ids or "[]"))
    found = dict(json.loads(ad_ids or "[]"))
    platform = _by_click(clicks) or _by_own_id(found) or sources.get(source.strip().lower(), "")
    own = kinds()[platform].landing.campaign_id if platform else ""
    return Signals(
        platform,
        click_id=clicks.get(_GOOGLE_CLICK, ""),
        ids=tuple((level, found[name]) for name, level in _LEVELS.items() if name in found),
        names_itself=bool(own) and own in found,
        named="" if campaign == NOT_SET else campaign,
        is_ad=_by_click(clicks) != "" or bool(found) or _PAID.match(medium.strip().lower()) is not None,
    )


def _by_own_id(ids: Mapping[str, str]) -> str:
    return next((name for name, kind in kinds().items() if kind.landing.campaign_id in ids), "")


def _by_click(clicks: Mapping[str, str]) -> str:
    return next((name for name, kind in kinds().items() if not clicks.keys().isdisjoint(kind.landing.click_ids)), "")
