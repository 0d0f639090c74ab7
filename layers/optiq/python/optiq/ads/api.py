"""The ads context: what campaigns cost, day by day."""

from collections.abc import Sequence

from optiq.ads.contracts import DailyMetric, ImportedCosts
from optiq.ads.manual import importing, recording
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
