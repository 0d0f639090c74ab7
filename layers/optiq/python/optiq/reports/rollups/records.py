"""Rollups in the table: a site's numbers by day, packed, so that a dashboard needs no query over the lake."""

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping

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
Figures = dict[str, tuple[str, tuple[str, ...]]]
"""By site: a digest of a day's figures, and the parts that were written."""


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
    """A day that was rolled up for the organization's sites of a timezone.

    Attributes:
        stamp: what lay in the lake for it.
        damaged: files that could not be read.
    """

    day = UnicodeAttribute()
    timezone = UnicodeAttribute()
    stamp = UnicodeAttribute()
    damaged = UnicodeSetAttribute(null=True)

    @classmethod
    def at(cls, organization_id: str, day: str, timezone: str) -> "RollupDayRecord":
        return cls(*keys.rollup_day(organization_id, day, timezone), day=day, timezone=timezone)


class FiguresRecord(Record):
    """What was written of a day for some sites of the organization: `packed` is Figures as compressed JSON."""

    packed = BinaryAttribute(legacy_encoding=False)

    @property
    def figures(self) -> Figures:
        found = json.loads(zlib.decompress(self.packed))
        return {site_id: (digest, tuple(parts)) for site_id, (digest, parts) in found.items()}

    @classmethod
    def of(cls, key: Key, figures: Figures) -> "FiguresRecord":
        return cls(*key, packed=_compressed(dict(sorted(figures.items()))))


def packed(key: Key, value: Sections | Mapping[str, Sections]) -> RollupRecord:
    return RollupRecord(*key, packed=_compressed(value))


def known_days(organization_id: str, first: str = "0", last: str = "9") -> Iterator[RollupDayRecord]:
    """The days that were rolled up, from the first to the last, of every timezone."""
    start, end = keys.rollup_day(organization_id, first, ""), keys.rollup_day(organization_id, last, "~")
    return iter(RollupDayRecord.query(start.pk, RollupDayRecord.sk.between(start.sk, end.sk)))


def known_figures(organization_id: str, days: Iterable[str]) -> dict[str, Figures]:
    """By day, those that were written."""
    wanted = {keys.rollup_figures(organization_id, day): day for day in days}
    found = FiguresRecord.batch_get([tuple(key) for key in wanted], consistent_read=True)
    return {wanted[Key(record.pk, record.sk)]: record.figures for record in found}


def _compressed(value: object) -> bytes:
    return zlib.compress(json.dumps(value, separators=(",", ":")).encode())
