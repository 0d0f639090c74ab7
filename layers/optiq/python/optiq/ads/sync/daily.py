"""Writes a version of an account's day to the lake, column by column: a day has hundreds of rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from optiq.ads.keys import Account
from optiq.ads.lake import AD_DAILY
from optiq.ads.platforms.reported import ReportedRow
from optiq.ads.sync.snapshots import SnapshotRow
from optiq.ports import wiring


@dataclass(frozen=True, slots=True)
class Version:
    """Which version of a day it is. `digest` is of its rows, and of its hours where it has them."""

    digest: str
    revision: int
    pulled_ms: int


def append(key: Account, currency: str, day: str, rows: Sequence[SnapshotRow], version: Version) -> None:
    """Writes the rows of all levels. The same version again replaces its own file."""
    # Imported when a day is written: who only starts jobs has no packages for columns.
    from optiq.ports.lake_rows import arrow_columns, name_of

    organization_id, platform, external_id = key
    levels, remainders, reported = zip(*rows, strict=True)
    columns = dict(zip(ReportedRow._fields, zip(*reported, strict=True), strict=True))
    table = arrow_columns(
        AD_DAILY,
        {**columns, "level": levels, "remainder": remainders},
        {
            "platform": platform,
            "account": external_id,
            "currency": currency,
            "pulled_at": version.pulled_ms,
            "revision": version.revision,
        },
    )
    name = name_of("ads", [platform, external_id, currency, version])
    wiring.lake().append(AD_DAILY.name, organization_id, day, name, table)
