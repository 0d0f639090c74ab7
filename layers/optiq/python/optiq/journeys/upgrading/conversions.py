"""Ids of conversions of 0.2.0, which said nothing of the place within an instant.

The item under the old id stays, in no index, and names the new one as its successor: so what still names the old id
finds the conversion, and the lake's rows find their new id.
"""

from collections.abc import Mapping
from dataclasses import replace

from optiq.journeys import keys
from optiq.journeys.contracts import Conversion
from optiq.journeys.records import ConversionRecord
from optiq.kernel.ids import id_from, id_in_order
from optiq.kernel.table import Put, write_together

_READ_AT_ONCE = 100


def old_id(site_id: str, event_id: str, occurred_ms: int) -> str:
    return id_from("conversion", occurred_ms, site_id, event_id)


def new_id(site_id: str, event_id: str, occurred_ms: int, delay_ms: int, position: int) -> str:
    return id_in_order("conversion", occurred_ms, delay_ms, position, site_id, event_id)


def move_all(organization_id: str, site_id: str, new_ids: Mapping[str, str]) -> None:
    """Gives those conversions their new ids that are there under the old ones."""
    wanted = list(new_ids)
    for start in range(0, len(wanted), _READ_AT_ONCE):
        some = wanted[start : start + _READ_AT_ONCE]
        keys_of = [tuple(keys.conversion(organization_id, site_id, conversion_id)) for conversion_id in some]
        for record in ConversionRecord.batch_get(keys_of, consistent_read=True):
            _move(record.contract(), new_ids[record.conversion_id])


def move_left(record: ConversionRecord) -> None:
    """Moves a conversion of which no customer has the event any more: its place is unknown, and counts as the first."""
    conversion = record.contract()
    if not _has_old_id(conversion) or _has_moved(conversion):
        return
    delay_ms = max(0, conversion.arrived_ms - conversion.occurred_ms)
    _move(conversion, new_id(conversion.site_id, conversion.event_id, conversion.occurred_ms, delay_ms, 0))


def name_successor(record: ConversionRecord) -> None:
    """Has a later report of a conversion name it by its new id."""
    conversion = record.contract()
    if not conversion.part_of or _has_old_id(conversion):
        return
    successor = find(conversion.organization_id, conversion.site_id, conversion.part_of)
    if successor is not None and _has_old_id(successor) and successor.part_of:
        ConversionRecord.of(replace(conversion, part_of=successor.part_of)).save()


def moved_to(record: ConversionRecord) -> str:
    """The new id of a conversion under its old one; "" for others."""
    conversion = record.contract()
    return conversion.part_of if _has_old_id(conversion) else ""


def find(organization_id: str, site_id: str, conversion_id: str) -> Conversion | None:
    try:
        return ConversionRecord.get(*keys.conversion(organization_id, site_id, conversion_id)).contract()
    except ConversionRecord.DoesNotExist:
        return None


def _has_old_id(conversion: Conversion) -> bool:
    return conversion.conversion_id == old_id(conversion.site_id, conversion.event_id, conversion.occurred_ms)


def _has_moved(conversion: Conversion) -> bool:
    if conversion.part_of in ("", conversion.conversion_id):
        return False
    successor = find(conversion.organization_id, conversion.site_id, conversion.part_of)
    return successor is not None and successor.event_id == conversion.event_id


def _move(conversion: Conversion, new: str) -> None:
    if conversion.part_of == new:
        return
    # One that does not count names itself.
    part_of = new if conversion.part_of == conversion.conversion_id else conversion.part_of
    moved, left = replace(conversion, conversion_id=new, part_of=part_of), replace(conversion, part_of=new)
    write_together([Put(ConversionRecord.of(moved), None), Put(ConversionRecord.of(left), None)])
