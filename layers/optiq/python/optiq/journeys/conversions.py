"""Conversions as they stand in the table."""

from typing import Any

from optiq.journeys.contracts import Conversion, ConversionPage
from optiq.journeys.records import ConversionRecord
from optiq.kernel import keys
from optiq.kernel.errors import InvalidError, NotFoundError
from optiq.kernel.ids import may_be_id


def page(organization_id: str, site_id: str, limit: int, cursor: str | None) -> ConversionPage:
    """A site's conversions, newest first. Raises InvalidError for a cursor we did not give."""
    partition = keys.conversions_of_site(organization_id, site_id)
    start: dict[str, Any] | None = None
    if cursor is not None:
        if not cursor.startswith("conversion_") or len(cursor) != len("conversion_") + 26:
            raise InvalidError("cursor: not one of ours")
        key = keys.conversion(organization_id, site_id, cursor)
        start = {
            name: {"S": value}
            for name, value in zip(("pk", "sk", "gsi1pk", "gsi1sk"), (*key, partition, cursor), strict=True)
        }
    found = ConversionRecord.by_second_key.query(
        partition, scan_index_forward=False, limit=limit, last_evaluated_key=start
    )
    items = tuple(record.contract() for record in found)
    return ConversionPage(items, items[-1].conversion_id if len(items) == limit else None)


def get(organization_id: str, site_id: str, conversion_id: str) -> Conversion:
    """Raises NotFoundError."""
    if not (may_be_id(site_id) and may_be_id(conversion_id)):
        raise NotFoundError("there is no such conversion")
    key = keys.conversion(organization_id, site_id, conversion_id)
    try:
        return ConversionRecord.get(key.pk, key.sk).contract()
    except ConversionRecord.DoesNotExist as error:
        raise NotFoundError("there is no such conversion") from error
