"""Writes a version of an account's day to the lake, column by column: a day has hundreds of rows."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain
from typing import Any

from optiq.ads.digest import digest_of
from optiq.ads.keys import Account
from optiq.ads.lake import AD_DAILY
from optiq.ads.platforms.reported import ReportedRow
from optiq.ads.sync.snapshots import Part
from optiq.ports import wiring

_NUMBERS = "q"
Columns = Mapping[str, Sequence[Any]]
"""The rows of a day by the columns of the lake, in an order that does not depend on the platform's."""


@dataclass(frozen=True, slots=True)
class Version:
    """Which version of a day it is. `digest` is of its rows, and of its hours where it has them."""

    digest: str
    revision: int
    pulled_ms: int


def columns_of(parts: Sequence[Part]) -> Columns:
    rows = chain.from_iterable(sorted(part.rows) for part in parts)
    return {
        **dict(zip(ReportedRow._fields, zip(*rows, strict=True), strict=True)),
        "level": [part.level for part in parts for _ in part.rows],
        "remainder": [part.remainder for part in parts for _ in part.rows],
    }


def digest(columns: Columns, hours: Sequence[object]) -> str:
    """What the rows of a day and its hours look like, short: equal digests need nothing written."""
    found = blake2b(digest_of(hours).encode(), digest_size=12)
    for column in columns.values():
        is_text = isinstance(column[0], str)
        found.update("\n".join([*column, ""]).encode() if is_text else array(_NUMBERS, column).tobytes())
    return found.hexdigest()


def append(key: Account, currency: str, day: str, columns: Columns, version: Version) -> None:
    """Writes the rows of all levels. The same version again replaces its own file."""
    # Imported when a day is written: who only starts jobs has no packages for columns.
    from optiq.ports.lake_rows import arrow_columns, name_of

    organization_id, platform, external_id = key
    of_all = {
        "platform": platform,
        "account": external_id,
        "day": day,
        "currency": currency,
        "pulled_at": version.pulled_ms,
        "revision": version.revision,
    }
    name = name_of("ads", [platform, external_id, currency, version])
    wiring.lake().append(AD_DAILY.name, organization_id, day, name, arrow_columns(AD_DAILY, columns, of_all))
