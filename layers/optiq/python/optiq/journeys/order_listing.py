"""Corrections that wait for their order, listed."""

from collections.abc import Iterator
from typing import Any

from optiq.journeys.background import report_shown
from optiq.journeys.contracts import WaitingCorrection, WaitingCorrections
from optiq.journeys.order_table import reports_in
from optiq.journeys.records import OrderRecord
from optiq.kernel import keys
from optiq.kernel.errors import InvalidError
from optiq.tenancy.contracts import Site


def waiting(site: Site, limit: int, cursor: str | None) -> WaitingCorrections:
    """See `api.waiting_corrections`. A page has the corrections of `limit` orders."""
    partition = keys.waiting_corrections(site.organization_id, site.site_id)
    found = OrderRecord.by_second_key.query(partition, limit=limit, last_evaluated_key=_start(site, partition, cursor))
    records = list(found)
    items = tuple(one for record in records for one in _of_order(record))
    return WaitingCorrections(items, str(records[-1].gsi1sk) if len(records) == limit else None)


def _start(site: Site, partition: str, cursor: str | None) -> dict[str, Any] | None:
    if cursor is None:
        return None
    instant, _, digest = cursor.partition("#")
    if not (instant.isdigit() and len(digest) == 24 and digest.isalnum()):
        raise InvalidError("cursor: not one of ours")
    key = keys.order(site.organization_id, site.site_id, digest)
    names = ("pk", "sk", "gsi1pk", "gsi1sk")
    return {name: {"S": value} for name, value in zip(names, (*key, partition, cursor), strict=True)}


def _of_order(record: OrderRecord) -> Iterator[WaitingCorrection]:
    for report in reports_in(record):
        if report.is_correction:
            yield WaitingCorrection(record.number, report_shown(report, ""))
