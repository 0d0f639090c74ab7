"""A day of an account as whole: the rows of every level, which all come to the account's own row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from optiq.ads.platforms.reported import ADDING_UP, Level, ReportedRow

_TOLERANCE_MICROS = 10_000
"""For each row: platforms round each to a cent."""
Remainder = Literal["", "NOT_LISTED", "WITHOUT_AD"]


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of a day, all of one level: those that the platform lists, or what its rows lack of the level above."""

    level: Level
    remainder: Remainder
    rows: Sequence[ReportedRow]


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
) -> list[Part]:
    """All rows of a day. A level without anything has one row without an entity.

    Raises:
        SumMismatchError: campaigns cost more than their account, or ads more than their campaign.
    """
    total = account[0] if account else _nothing(day)
    not_listed = _lacking(total, campaigns)
    of_campaign: dict[str, list[ReportedRow]] = {}
    for ad in ads:
        of_campaign.setdefault(ad.campaign_id, []).append(ad)
    listed: list[ReportedRow] = []
    without_ad: list[ReportedRow] = []
    for one in campaigns:
        own = of_campaign.pop(one.campaign_id, [])
        listed += own
        without_ad += _lacking(one, own)
    unlisted: list[ReportedRow] = []
    for one in not_listed:  # What no campaign is listed for lacks no ad: it stays what it is.
        own = of_campaign.pop(one.campaign_id, [])
        unlisted += [*own, *_lacking(one, own)]
    if of_campaign:
        raise SumMismatchError
    return [
        Part("ACCOUNT", "", [total]),
        *_of_level("CAMPAIGN", day, {"": campaigns, "NOT_LISTED": not_listed}),
        *_of_level("AD", day, {"": listed, "WITHOUT_AD": without_ad, "NOT_LISTED": unlisted}),
    ]


def _of_level(level: Level, day: str, rows: Mapping[Remainder, Sequence[ReportedRow]]) -> list[Part]:
    found = [Part(level, remainder, some) for remainder, some in rows.items() if some]
    return found or [Part(level, "", [_nothing(day)])]


def _lacking(total: ReportedRow, parts: Sequence[ReportedRow]) -> list[ReportedRow]:
    """One row for what the parts lack of the total, if they lack anything."""
    columns: list[tuple[int, ...]] = [*zip(total, *parts, strict=True)][ADDING_UP]
    numbers = [whole - sum(some) for whole, *some in columns]
    if not any(numbers):
        return []
    lacking = ReportedRow._make((total.day, "", *numbers, total.campaign_id, "", total.kind))
    if lacking.spend_micros < -_TOLERANCE_MICROS * len(parts):
        raise SumMismatchError
    return [lacking]


def _nothing(day: str) -> ReportedRow:
    return ReportedRow(day, "", 0, 0, 0)
