"""A day of an account as whole: the rows of every level, which all come to the account's own row."""

from collections.abc import Iterable, Sequence
from operator import sub
from typing import Literal, NamedTuple

from optiq.ads.platforms.reported import Level, ReportedRow

_TOLERANCE_MICROS = 10_000
"""For each row: platforms round each to a cent."""
Remainder = Literal["", "NOT_LISTED", "WITHOUT_AD"]


class SnapshotRow(NamedTuple):
    """A row of a day, at one level. A tuple, as the row is."""

    level: Level
    remainder: Remainder
    row: ReportedRow

    @property
    def values(self) -> tuple[object, ...]:
        """All that it says, for its digest."""
        return self.level, self.remainder, *self.row


class SumMismatchError(Exception):
    """The campaigns of a day come to more than its account: the answers are of different moments."""

    def __init__(self) -> None:
        super().__init__("SUM_MISMATCH: campaigns come to more than their account")


def by_day(rows: Iterable[ReportedRow]) -> dict[str, list[ReportedRow]]:
    found: dict[str, list[ReportedRow]] = {}
    for row in rows:
        found.setdefault(row.day, []).append(row)
    return found


def snapshot(
    day: str,
    account: Sequence[ReportedRow],
    campaigns: Sequence[ReportedRow],
    ads: Sequence[ReportedRow],
) -> list[SnapshotRow]:
    """All rows of a day. A level without anything has one row without an entity.

    Raises:
        SumMismatchError: campaigns cost more than their account, or ads more than their campaign.
    """
    total = account[0] if account else _nothing(day)
    listed = _with_rest("CAMPAIGN", total, campaigns, "", "NOT_LISTED")
    of_campaign: dict[str, list[ReportedRow]] = {}
    for ad in ads:
        of_campaign.setdefault(ad.campaign_id, []).append(ad)
    below: list[SnapshotRow] = []
    for one in listed:
        own = of_campaign.pop(one.row.campaign_id, [])
        # What no campaign is listed for lacks no ad: it stays what it is.
        below += _with_rest("AD", one.row, own, one.remainder, one.remainder or "WITHOUT_AD")
    if of_campaign:
        raise SumMismatchError
    return [
        SnapshotRow("ACCOUNT", "", total),
        *(listed or [SnapshotRow("CAMPAIGN", "", _nothing(day))]),
        *(below or [SnapshotRow("AD", "", _nothing(day))]),
    ]


def _with_rest(
    level: Level, total: ReportedRow, parts: Sequence[ReportedRow], listed: Remainder, rest: Remainder
) -> list[SnapshotRow]:
    """The parts as `listed`, and one row as `rest` for what they lack of the total, if they lack anything."""
    sums = [sum(column) for column in zip(*(part.numbers for part in parts), strict=True)] or [0] * len(total.numbers)
    numbers = map(sub, total.numbers, sums)
    lacking = ReportedRow._make((total.day, "", *numbers, total.campaign_id, "", total.kind))
    if lacking.spend_micros < -_TOLERANCE_MICROS * len(parts):
        raise SumMismatchError
    rows = [SnapshotRow(level, listed, part) for part in parts]
    if any(lacking.numbers):
        rows.append(SnapshotRow(level, rest, lacking))
    return rows


def _nothing(day: str) -> ReportedRow:
    return ReportedRow(day, "", 0, 0, 0)
