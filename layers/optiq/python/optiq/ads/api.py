"""The ads context: what campaigns cost, day by day."""

from collections.abc import Collection, Iterable, Sequence

from optiq.ads.contracts import ClaimTraits, DailyMetric, ImportedCosts
from optiq.ads.entities import api as entities
from optiq.ads.entities.contracts import EntityLevel
from optiq.ads.manual import importing, recording
from optiq.ads.platforms.registry import kinds
from optiq.ads.resolution import knowing
from optiq.ads.resolution.contracts import Campaign
from optiq.kernel.caller import Caller


def record_daily_metrics(caller: Caller, site_id: str, metrics: Sequence[DailyMetric]) -> int:
    """Stores metrics and returns how many. A day of a source, medium and campaign sent again is replaced.

    Raises:
        NotFoundError: the organization has no such site.
        InvalidError: a day, currency or number that cannot be, or a campaign's day twice; nothing was stored.
        UpstreamError: not all could be stored; send them again.
    """
    return recording.record_daily_metrics(caller, site_id, metrics)


def import_costs(caller: Caller, site_id: str, csv: str) -> ImportedCosts:
    """Stores a table of costs; the same table again changes nothing, and a corrected one replaces what differs.

    Raises:
        NotFoundError: the organization has no such site.
        InvalidError: names the lines that cannot be; nothing was stored.
        UpstreamError: not all could be stored; import it again.
    """
    return importing.import_costs(caller, site_id, csv)


def campaigns_of_site(caller: Caller, site_id: str, campaigns: Iterable[Campaign]) -> list[Campaign]:
    """Those of campaigns whose costs are of a site."""
    accounts = {(one.platform, one.external_id): one for one in knowing.chosen_accounts(caller.organization_id)}
    found = ((one, accounts.get((one.platform, one.account))) for one in campaigns)
    return [one for one, account in found if account and knowing.site_of(account, one.campaign_id) == site_id]


def all_campaigns(caller: Caller) -> list[Campaign]:
    """The campaigns that the accounts which are read have, or had."""
    accounts = knowing.chosen_accounts(caller.organization_id)
    return [campaign for account in accounts for campaign in knowing.campaigns_of(account)]


def claim_traits(platform: str) -> ClaimTraits:
    """What a platform's claims are made of."""
    kind = kinds()[platform]
    return ClaimTraits(
        kind.title, kind.capabilities.claims_views, date_basis_told=kind.capabilities.claims_by_conversion_day
    )


def account_names(caller: Caller, external_ids: Collection[str]) -> dict[str, str]:
    """The names of accounts."""
    accounts = knowing.chosen_accounts(caller.organization_id)
    return {one.external_id: one.name for one in accounts if one.external_id in external_ids and one.name}


def entity_names(
    caller: Caller, level: EntityLevel, external_ids: Collection[str], at_ms: int | None = None
) -> dict[str, str]:
    """The names of campaigns, groups or ads of the accounts that are read: those of now, or of an instant."""
    return {
        one.external_id: one.name if at_ms is None else one.name_at(at_ms)
        for account in knowing.chosen_accounts(caller.organization_id)
        for one in entities.entities_of(account.key, (level,))
        if one.external_id in external_ids
    }
