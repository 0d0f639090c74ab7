"""The pass of repair in the table."""

from typing import Any

from optiq.billing import keys
from optiq.billing.mirror.repairing import Repair
from optiq.kernel.records import entity_in, record_of, values_of
from optiq.kernel.table import table_outages

_RECORD: Any = record_of(Repair)


class TablePlace:
    """The port `Place` (repairing.py)."""

    def read(self) -> Repair | None:
        try:
            with table_outages():
                return entity_in(Repair, _RECORD.get(*keys.REPAIR, consistent_read=True))
        except _RECORD.DoesNotExist:
            return None

    def write(self, repair: Repair) -> None:
        with table_outages():
            _RECORD(*keys.REPAIR, **values_of(repair)).save()
