"""Rollups in the table: a site's numbers by day, packed, so that a dashboard needs no query over the lake."""

import json
import zlib
from collections.abc import Iterator, Mapping

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute, UnicodeSetAttribute

from optiq.kernel.keys import Key
from optiq.kernel.table import Record
from optiq.reports import keys

Numbers = tuple[float | int, ...]
Section = dict[str, Numbers]
"""Numbers by value of a dimension."""
Sections = dict[str, Section]
"""Sections by the name of their dimension; `""` is the total, its one value `""`."""
HOURS = "HOURS"


class RollupRecord(Record):
    """A part of a day: `packed` is Sections as compressed JSON, of the whole day or (`HOURS`) by `<hour>` of it."""

    packed = BinaryAttribute(legacy_encoding=False)

    @property
    def sections(self) -> Sections:
        found: Sections = json.loads(zlib.decompress(self.packed))
        return found

    @property
    def hours(self) -> Mapping[str, Sections]:
        found: Mapping[str, Sections] = json.loads(zlib.decompress(self.packed))
        return found


class RollupDayRecord(Record):
    """A day of a site that was rolled up.

    Attributes:
        stamp: what lay in the lake for it.
        parts: those that were written.
        damaged: files that could not be read.
    """

    stamp = UnicodeAttribute()
    parts = UnicodeSetAttribute(null=True)
    damaged = UnicodeSetAttribute(null=True)

    @property
    def day(self) -> str:
        return str(self.sk).partition("#")[2]


def packed(key: Key, value: Sections | Mapping[str, Sections]) -> RollupRecord:
    return RollupRecord(*key, packed=zlib.compress(json.dumps(value, separators=(",", ":")).encode()))


def known_days(organization_id: str, site_id: str, first: str = "0", last: str = "9") -> Iterator[RollupDayRecord]:
    """The days that were rolled up, from the first to the last."""
    start, end = (keys.rollup_day(organization_id, site_id, day) for day in (first, last))
    return iter(RollupDayRecord.query(start.pk, RollupDayRecord.sk.between(start.sk, end.sk)))
