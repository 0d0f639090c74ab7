"""Conversions as they stand in the table."""

from collections.abc import Iterable
from operator import attrgetter

from optiq.journeys import keys
from optiq.journeys.contracts import Conversion
from optiq.journeys.records import ConversionRecord
from optiq.kernel.errors import NotFoundError
from optiq.kernel.ids import may_be_id
from optiq.kernel.paging import Page, list_of, page_of, place_after
from optiq.kernel.table import second_key_start


def page(organization_id: str, site_id: str, limit: int, cursor: str | None) -> Page[Conversion]:
    """A site's conversions, newest first. Raises InvalidError for another list's cursor, or another site's."""
    of_list = list_of("conversions", site_id)
    partition = keys.conversions_of_site(organization_id, site_id)
    after = place_after(cursor, of_list)
    start = second_key_start(keys.conversion(organization_id, site_id, after), partition, after) if after else None
    found = ConversionRecord.by_second_key.query(
        partition, scan_index_forward=False, limit=limit + 1, last_evaluated_key=start
    )
    return page_of(of_list, [record.contract() for record in found], limit, attrgetter("conversion_id"))


def get(organization_id: str, site_id: str, conversion_id: str) -> Conversion:
    """A conversion; for a later report of an order, that of its first. Raises NotFoundError."""
    if not (may_be_id(site_id) and may_be_id(conversion_id)):
        raise NotFoundError("there is no such conversion")
    found = _read(organization_id, site_id, conversion_id)
    return _read(organization_id, site_id, found.part_of) if found.part_of else found


def find(organization_id: str, site_id: str, conversion_ids: Iterable[str]) -> list[Conversion]:
    """Those of some ids that there are, later reports of an order among them."""
    wanted = [tuple(keys.conversion(organization_id, site_id, one)) for one in set(conversion_ids)]
    return [record.contract() for record in ConversionRecord.batch_get(wanted, consistent_read=True)] if wanted else []


def _read(organization_id: str, site_id: str, conversion_id: str) -> Conversion:
    key = keys.conversion(organization_id, site_id, conversion_id)
    try:
        return ConversionRecord.get(key.pk, key.sk, consistent_read=True).contract()
    except ConversionRecord.DoesNotExist as error:
        raise NotFoundError("there is no such conversion") from error
