"""The ads context: what campaigns cost, day by day."""

from collections.abc import Sequence

from optiq.ads import service
from optiq.ads.connections.contracts import AdAccount
from optiq.ads.contracts import DailyMetric
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
    return service.record_daily_metrics(caller, site_id, metrics)


def read_accounts(caller: Caller) -> list[AdAccount]:
    """The accounts that are read."""
    return knowing.chosen_accounts(caller.organization_id)


def is_one_of(accounts: Sequence[AdAccount], campaign: Campaign) -> bool:
    """Whether a campaign is of one of these accounts."""
    return any((one.platform, one.external_id) == (campaign.platform, campaign.account) for one in accounts)


def campaigns_of(account: AdAccount) -> list[Campaign]:
    """The campaigns that an account has, or had."""
    return knowing.campaigns_of(account)
