"""Which campaign a touch is of: the first of click id, ids in the address, link and name that tells.

An id beats a name. Where both tell and differ, the id counts, and the other is kept as a conflict.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from optiq.ads.platforms.reported import EntityId, EntityLevel, ReportedClick
from optiq.ads.resolution.contracts import Campaign, Resolution
from optiq.ads.resolution.naming import slug
from optiq.ads.resolution.signals import Signals

_WINDOW_DAYS = 30
"""A name is a campaign's on the days that it was there, and so many before and after."""


@dataclass(frozen=True, slots=True)
class Found:
    """A campaign, group or ad of a connected account."""

    account: str
    id: EntityId


@dataclass(frozen=True, slots=True)
class Named:
    """A campaign that has, or had, a name, and the first and the last day that it was there; numbers of UTC days."""

    campaign: Campaign
    first_day: int
    last_day: int


@dataclass(frozen=True)
class Known:
    """What connected accounts have, and what people linked.

    Attributes:
        ids: by platform, level and id. named: by name. links: by platform and name.
        clicks: the account and the click of a click id.
    """

    ids: Mapping[tuple[str, EntityLevel, str], Found] = field(default_factory=dict)
    named: Mapping[str, tuple[Named, ...]] = field(default_factory=dict)
    links: Mapping[tuple[str, str], Campaign] = field(default_factory=dict)
    clicks: Mapping[str, tuple[str, str, ReportedClick]] = field(default_factory=dict)
    platforms: tuple[str, ...] = ()


def resolve(signals: Signals, day: int, known: Known) -> Resolution | None:
    """What a touch of a day came from; None for one that is of no advertisement, or of a platform that Optiq cannot
    connect.
    """
    by_name = _by_name(signals, day, known)
    by_id = _by_click(signals, known) or _by_ids(signals, known)
    if by_id is not None:
        differs = by_name is not None and by_name.campaign not in (None, by_id.campaign)
        return replace(by_id, conflict=by_name.campaign) if differs and by_name else by_id
    if by_name is None and not (signals.is_ad and signals.platform):
        return None
    foreign = signals.foreign_id
    if foreign and (signals.names_itself or by_name is None or by_name.evidence != "LINK"):
        linked = by_name.campaign if by_name else None
        return Resolution("FOREIGN", signals.platform, foreign_id=foreign, conflict=linked)
    return by_name or Resolution("UNKNOWN", signals.platform)


def _by_click(signals: Signals, known: Known) -> Resolution | None:
    found = known.clicks.get(signals.click_id) if signals.click_id else None
    if found is None:
        return None
    platform, account, click = found
    campaign = Campaign(platform, account, click.campaign_id)
    return Resolution("CLICK_VIEW", platform, campaign, click.group_id, click.ad_id)


def _by_ids(signals: Signals, known: Known) -> Resolution | None:
    """The narrowest id that one platform's account has."""
    for level, value in signals.ids:
        found = [(one, at) for one in _platforms(signals, known) if (at := known.ids.get((one, level, value)))]
        if len(found) == 1:
            ((platform, at),) = found
            ad_id = at.id.external_id if level == "AD" else ""
            return Resolution(
                "URL_ID", platform, Campaign(platform, at.account, at.id.campaign_id), at.id.group_id, ad_id
            )
    return None


def _by_name(signals: Signals, day: int, known: Known) -> Resolution | None:
    """By utm_campaign: what people linked, else the one campaign that has it as its id or its name.

    Names are compared within a platform: what its ads are called says nothing of another's.
    """
    if not signals.named or not signals.platform:
        return None
    name = slug(signals.named)
    if linked := known.links.get((signals.platform, name)):
        return Resolution("LINK", signals.platform, linked)
    candidates = _candidates(signals, name, day, known)
    if len(candidates) == 1:
        (campaign,) = candidates
        return Resolution("AUTO", signals.platform, campaign, candidates=1)
    return Resolution("AMBIGUOUS", signals.platform, candidates=len(candidates)) if candidates else None


def _candidates(signals: Signals, name: str, day: int, known: Known) -> set[Campaign]:
    if at := known.ids.get((signals.platform, "CAMPAIGN", signals.named)):
        return {Campaign(signals.platform, at.account, at.id.campaign_id)}
    return {
        one.campaign
        for one in known.named.get(name, ())
        if one.campaign.platform == signals.platform
        and one.first_day - _WINDOW_DAYS <= day <= one.last_day + _WINDOW_DAYS
    }


def _platforms(signals: Signals, known: Known) -> tuple[str, ...]:
    return (signals.platform,) if signals.platform else known.platforms
