"""What days were last credited from (planning.py)."""

from collections.abc import Mapping

from optiq.attribution import keys
from optiq.attribution.recomputing.records import CreditedDayRecord
from optiq.kernel.table import Put, put_each


def standing_stamps(organization_id: str, site_id: str, first: str, last: str) -> dict[str, str]:
    """By UTC day, from `first` to `last`, both included."""
    start, end = (keys.credited_day(organization_id, site_id, day) for day in (first, last))
    found = CreditedDayRecord.query(start.pk, CreditedDayRecord.sk.between(start.sk, end.sk))
    return {record.day: record.stamp for record in found}


def keep_stamps(organization_id: str, site_id: str, stamps: Mapping[str, str]) -> None:
    where = (organization_id, site_id)
    records = [CreditedDayRecord(*keys.credited_day(*where, day), day=day, stamp=said) for day, said in stamps.items()]
    put_each([Put(record, None) for record in records])
