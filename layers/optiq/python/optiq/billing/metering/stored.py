"""Reports in the table."""

from dataclasses import replace
from typing import Any

from optiq.billing import keys
from optiq.billing.metering.contracts import ReportedDay
from optiq.kernel.clock import DAY_MS, day_number
from optiq.kernel.errors import UpstreamError
from optiq.kernel.records import entity_in, record_of, values_of
from optiq.kernel.table import Put, put_one, table_outages

_DAY: Any = record_of(ReportedDay)
_KEPT_DAYS = 400


def reported_days(organization_id: str, first: str, last: str) -> dict[str, ReportedDay]:
    """What Stripe was told of the UTC days from first to last."""
    from_key, to_key = keys.reported_day(organization_id, first), keys.reported_day(organization_id, last)
    with table_outages():
        found = list(_DAY.query(from_key.pk, _DAY.sk.between(from_key.sk, to_key.sk), consistent_read=True))
    return {one.sk.rpartition("#")[2]: entity_in(ReportedDay, one) for one in found}


def save_day(organization_id: str, day: str, reported: ReportedDay) -> ReportedDay:
    """Writes it if it is as it was read. Raises UpstreamError when somebody else changed it."""
    forget_at = (day_number(day) + _KEPT_DAYS) * DAY_MS // 1000
    after = replace(reported, version=reported.version + 1, forget_at=forget_at)
    unchanged = _DAY.version == reported.version if reported.version else _DAY.pk.does_not_exist()
    with table_outages():
        if not put_one(Put(_DAY(*keys.reported_day(organization_id, day), **values_of(after)), unchanged)):
            raise UpstreamError("the day's report was changed at the same time", retryable=True)
    return after
