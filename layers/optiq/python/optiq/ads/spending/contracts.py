"""What reports need to know of connected accounts, to count their costs."""

from dataclasses import dataclass

from optiq.ads.connections.contracts import CampaignSite
from optiq.ads.resolution.contracts import LinkName as LinkName
from optiq.ads.sync.spans import Spans as Spans


@dataclass(frozen=True, slots=True)
class SpendingAccount:
    """An account with costs in `ad_daily`, or to be read. Days are the account's own.

    Attributes:
        site_id, campaign_sites: whose its costs are; "" for no site's.
        source, medium: by which visits of its ads are named.
        is_read: it is to be read every day. read: the days that were. final: those that were after they were over.
        over_through: the last day that is over by now.
    """

    platform: str
    external_id: str
    name: str
    timezone: str
    site_id: str
    campaign_sites: tuple[CampaignSite, ...]
    source: str
    medium: str
    is_read: bool
    read: Spans
    final: Spans
    over_through: str
