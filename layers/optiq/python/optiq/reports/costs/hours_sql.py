"""The SQL of hours: what an account with another clock than the site's cost, by the days of the site."""

from collections.abc import Mapping

from optiq.ads.lake import AD_HOURLY
from optiq.reports.costs.accounts import Shift
from optiq.reports.domain import DayRange
from optiq.reports.site_clock import day_number
from optiq.reports.statements import Sql

OF_HOURS = ("impressions", "clicks", "spend_micros")
_HALF_MS = 1_800_000


def hours(days: DayRange, wide_days: tuple[str, str], shifted: Mapping[tuple[str, str], Shift]) -> list[Sql]:
    """Two relations after `newest`: `hourly`, of accounts with another clock, and `hourly_days`, of which it has any.

    An hour within which a day of the site begins is halved, because nobody knows more of it. What no hour tells of a
    day (hour -1) counts on the account's own day.
    """
    splits = any(one.splits_hours for one in shifted.values())
    at = f"told.at_ms + {_HALF_MS} * half.number" if splits else "told.at_ms"
    day = f"CAST(CAST(date_add('day', {day_number(at, days.offsets)}, DATE '1970-01-01') AS DATE) AS VARCHAR)"
    measures = [_halved(name) if splits else f"told.{name}" for name in OF_HOURS]
    halves = " CROSS JOIN (VALUES 0, 1) AS half (number)" if splits else ""
    hourly = f"""hourly AS (
    SELECT told.platform, told.account, told.day AS account_day, CASE WHEN told.hour < 0 THEN told.day ELSE {day} END
        AS day, told.campaign_id, told.kind, told.remainder, told.currency, {", ".join(measures)}
    FROM (
        SELECT DISTINCT by_hour.* FROM {AD_HOURLY.name} AS by_hour
        JOIN newest ON newest.platform = by_hour.platform AND newest.account = by_hour.account
            AND newest.day = by_hour.day AND newest.revision = by_hour.revision
        WHERE by_hour.dt BETWEEN ? AND ? AND {of_accounts("by_hour", shifted)}
    ) AS told{halves}
)"""  # noqa: S608 - names are ours
    known = "hourly_days AS (SELECT DISTINCT platform, account, account_day AS day FROM hourly)"
    return [Sql(hourly, wide_days), Sql(known)]


def of_accounts(table: str, accounts: Mapping[tuple[str, str], object]) -> str:
    """The condition that a row is of one of the accounts."""
    if not accounts:
        return "false"
    return (
        f"{table}.platform || '#' || {table}.account IN ({', '.join(text('#'.join(one)) for one in sorted(accounts))})"
    )


def text(value: str) -> str:
    """A text in SQL."""
    return "'" + value.replace("'", "''") + "'"


def _halved(name: str) -> str:
    first = f"CAST(floor(told.{name} / 2.0e0) AS BIGINT)"
    return f"CASE WHEN half.number = 0 THEN {first} ELSE told.{name} - {first} END AS {name}"
