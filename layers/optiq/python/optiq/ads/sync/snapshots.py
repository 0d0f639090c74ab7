"""A day of an account as whole: the rows of every level, which all come to the account's own row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from operator import attrgetter
from typing import Literal

from optiq.ads.platforms.reported import Level, ReportedRow

_TOLERANCE_MICROS = 10_000
"""For each row: platforms round each to a cent."""
_SUMMED = (
    "impressions",
    "clicks",
    "spend_micros",
    "claimed_count_micros",
    "claimed_value_micros",
    "view_through_micros",
    "claimed_by_conversion_day_micros",
)
_VALUES = attrgetter(*(each.name for each in fields(ReportedRow)))
Remainder = Literal["", "NOT_LISTED", "WITHOUT_AD"]


@dataclass(frozen=True, slots=True)
class SnapshotRow:
    """A row of a day, at one level."""

    level: Level
    remainder: Remainder
    row: ReportedRow

    @property
    def values(self) -> tuple[object, ...]:
        """All that it says, for its digest."""
        return self.level, self.remainder, *_VALUES(self.row)


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
    listed = _with_rest(total, campaigns, "NOT_LISTED")
    of_campaign: dict[str, list[ReportedRow]] = {}
    for ad in ads:
        of_campaign.setdefault(ad.campaign_id, []).append(ad)
    below: list[SnapshotRow] = []
    for one in listed:
        own = of_campaign.pop(one.row.campaign_id, [])
        rest = _with_rest(one.row, own, "WITHOUT_AD")
        # What no campaign is listed for lacks no ad: it stays what it is.
        below += [SnapshotRow("AD", one.remainder or each.remainder, each.row) for each in rest]
    if of_campaign:
        raise SumMismatchError
    return [
        SnapshotRow("ACCOUNT", "", total),
        *(listed or [SnapshotRow("CAMPAIGN", "", _nothing(day))]),
        *(below or [SnapshotRow("AD", "", _nothing(day))]),
    ]


def _with_rest(total: ReportedRow, parts: Sequence[ReportedRow], remainder: Remainder) -> list[SnapshotRow]:
    """The parts, and one row for what they lack of the total, if they lack anything."""
    rest = {name: getattr(total, name) - sum(getattr(part, name) for part in parts) for name in _SUMMED}
    if rest["spend_micros"] < -_TOLERANCE_MICROS * len(parts):
        raise SumMismatchError
    rows = [SnapshotRow("CAMPAIGN", "", part) for part in parts]
    if any(rest.values()):
        lacking = replace(total, entity_id="", group_id="", **rest)
        rows.append(SnapshotRow("CAMPAIGN", remainder, lacking))
    return rows


def _nothing(day: str) -> ReportedRow:
    return ReportedRow(day, "", 0, 0, 0)


def as_lake_row(one: SnapshotRow, more: Mapping[str, object]) -> dict[str, object]:
    """A row of `ad_daily`; `more` is what all rows of the day have."""
    row = one.row
    return {
        "level": one.level,
        "day": row.day,
        "entity_id": row.entity_id,
        "campaign_id": row.campaign_id,
        "group_id": row.group_id,
        "kind": row.kind,
        "remainder": one.remainder,
        **{name: getattr(row, name) for name in _SUMMED},
        **more,
    }
