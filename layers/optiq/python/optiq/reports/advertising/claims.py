"""What each platform claims, in parts that come to it exactly."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from optiq.ads import api as ads
from optiq.ads.contracts import ClaimTraits
from optiq.ads.entities import api as entities
from optiq.ads.entities.contracts import EntityId
from optiq.ads.resolution.contracts import Campaign
from optiq.feedback import api as feedback
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.ports import wiring
from optiq.reports.advertising import claims_sql
from optiq.reports.advertising.contracts import (
    CampaignClaim,
    ClaimParts,
    ClaimsAnswer,
    ClaimsAsk,
    PlatformClaim,
)
from optiq.reports.advertising.frame import Asked, asked, frame_of

_MILLION = 1_000_000
_NOTHING = ClaimParts(0, 0, 0, 0, 0)
_Key = tuple[str, str, str, str]
"""Level, platform, account and campaign."""


def claims(caller: Caller, site_id: str, ask: ClaimsAsk, *, clock: Clock = system_clock) -> ClaimsAnswer:
    """
    Raises:
        NotFoundError: there is no such site. UpstreamError: the lake cannot be read.
        InvalidError: what cannot be asked; the message begins with the field's name.
    """
    of = asked(caller, site_id, ask.period, ask.model, clock)
    claimed = _claimed(of)
    accepted = feedback.accepted(caller.organization_id, site_id, *of.days.utc_days)
    # A platform may have accepted conversions, and claim none.
    platforms = sorted({one.platform for one in claimed} | accepted.keys())
    earned = _earned(of, ask.conversion, platforms) if platforms else {}
    conversions, _ = earned.get(("all", "", "", ""), (0, 0.0))
    clicked, _ = earned.get(("any", "", "", ""), (0, 0.0))
    names = _names(of, [*claimed, *_campaigns(earned)], ask)
    found = tuple(replace(_platform(name, claimed, earned, names), accepted=accepted.get(name)) for name in platforms)
    total = sum(one.parts.claimed_micros for one in found)
    return ClaimsAnswer(
        model=of.model,
        conversions=conversions,
        clicked=clicked,
        over_claim=round(total / _MILLION / conversions, 4) if conversions else None,
        platforms=tuple(sorted(found, key=lambda one: -one.parts.claimed_micros)),
        frame=frame_of(of),
    )


def _claimed(of: Asked) -> dict[Campaign, tuple[int, int, int]]:
    """Of the site's campaigns: claimed, claimed by day of the conversion, and after a view."""
    statement = claims_sql.claimed(of.days)
    rows = wiring.query().run(statement.sql, of.caller.organization_id, statement.parameters).rows
    found = {
        Campaign(str(platform), str(account), str(campaign)): (int(claimed or 0), int(by_day or 0), int(viewed or 0))
        for platform, account, campaign, claimed, by_day, viewed in rows
    }
    return {one: found[one] for one in ads.campaigns_of_site(of.caller, of.site.site_id, found)}


def _earned(of: Asked, conversion: str, platforms: list[str]) -> dict[_Key, tuple[int, float]]:
    """How many conversions had a click, and their credit."""
    statement = claims_sql.earned(of.site.site_id, of.days, of.model, conversion, platforms)
    rows = wiring.query().run(statement.sql, of.caller.organization_id, statement.parameters).rows
    return {
        (str(level), str(platform), str(account), str(campaign)): (int(count or 0), float(weight or 0))
        for level, platform, account, campaign, count, weight in rows
    }


def _campaigns(earned: Iterable[_Key]) -> list[Campaign]:
    return [Campaign(*key) for level, *key in earned if level == "campaign"]


def _platform(
    platform: str,
    claimed: Mapping[Campaign, tuple[int, int, int]],
    earned: Mapping[_Key, tuple[int, float]],
    names: Mapping[Campaign, str],
) -> PlatformClaim:
    own = {one for one in (*claimed, *_campaigns(earned)) if one.platform == platform}
    sums = tuple(sum(claimed[one][at] for one in claimed if one.platform == platform) for at in range(3))
    traits = ads.claim_traits(platform)
    campaigns: list[CampaignClaim] = []
    for one in own:
        parts = _parts(
            traits,
            claimed.get(one, (0, 0, 0)),
            earned.get(("campaign", one.platform, one.account, one.campaign_id), (0, 0.0)),
        )
        if parts != _NOTHING:
            campaigns.append(CampaignClaim(one.account, one.campaign_id, names[one], parts))
    return PlatformClaim(
        platform,
        traits.title,
        _parts(traits, (sums[0], sums[1], sums[2]), earned.get(("platform", platform, "", ""), (0, 0.0))),
        views_counted=traits.views_counted,
        date_basis_told=traits.date_basis_told,
        campaigns=tuple(sorted(campaigns, key=lambda one: (-one.parts.claimed_micros, one.name))),
    )


def _parts(traits: ClaimTraits, claims: tuple[int, int, int], earned: tuple[int, float]) -> ClaimParts:
    claimed, by_conversion_day, viewed = claims
    clicked, weight = earned
    credited = round(weight * _MILLION)
    return ClaimParts(
        claimed_micros=claimed,
        credited_micros=credited,
        shared_micros=clicked * _MILLION - credited,
        view_through_micros=viewed if traits.views_counted else 0,
        date_basis_micros=claimed - by_conversion_day if traits.date_basis_told else 0,
    )


def _names(of: Asked, campaigns: Iterable[Campaign], ask: ClaimsAsk) -> dict[Campaign, str]:
    at_ms = of.days.bounds_ms[1] - 1 if ask.names == "then" else None
    return campaign_names(of.caller.organization_id, campaigns, at_ms)


def campaign_names(
    organization_id: str, campaigns: Iterable[Campaign], at_ms: int | None = None
) -> dict[Campaign, str]:
    """The names of campaigns; what is no campaign's has none."""
    wanted = {
        one: ((organization_id, one.platform, one.account), EntityId("CAMPAIGN", one.campaign_id, one.campaign_id))
        for one in set(campaigns)
    }
    found = entities.names_of([key for one, key in wanted.items() if one.campaign_id], at_ms)
    return {one: found[key] if one.campaign_id else "" for one, key in wanted.items()}
