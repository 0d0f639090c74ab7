"""How far clicks were read and touches resolved, and how links name campaigns, in the table."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import astuple

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute

from optiq.ads.resolution.contracts import Campaign, LinkName, VisitNames
from optiq.kernel.keys import Key
from optiq.kernel.table import Record


class ClickDaysRecord(Record):
    """The days of an account whose clicks were read, without a gap."""

    first = UnicodeAttribute()
    last = UnicodeAttribute()


class ResolvedRecord(Record):
    """What the last resolving of a site's touches of all days began with, and when that was."""

    digest = UnicodeAttribute()
    resolved_ms = NumberAttribute()


class LinkNamesRecord(Record):
    """How links name a site's campaigns: `packed` is a list of LinkName as compressed JSON."""

    packed = BinaryAttribute(legacy_encoding=False)

    @classmethod
    def of(cls, key: Key, link_names: Sequence[LinkName]) -> "LinkNamesRecord":
        lines = [(astuple(one.campaign), astuple(one.visits) if one.visits else None, one.names) for one in link_names]
        return cls(*key, packed=zlib.compress(json.dumps(lines, separators=(",", ":")).encode()))

    @property
    def link_names(self) -> tuple[LinkName, ...]:
        lines = json.loads(zlib.decompress(self.packed))
        return tuple(
            LinkName(Campaign(*campaign), VisitNames(*visits) if visits else None, tuple(names))
            for campaign, visits, names in lines
        )
