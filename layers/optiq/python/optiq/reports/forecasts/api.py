"""The forecast of this month's revenue and spend, of rollups in the table alone."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from optiq.attribution.contracts import Model
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, day_of, each_day, parse_timezone, system_clock
from optiq.reports.domain import DayRange
from optiq.reports.forecasts.contracts import Forecast, ForecastDay, ForecastMetric, MetricForecast
from optiq.reports.forecasts.weekday_profile import LEAST_DAYS, WEEKS, Profile, profile_of
from optiq.reports.questions.contracts import Days, Frame, Note
from optiq.reports.questions.notes import incomplete_days, of_no_rate, of_not_counted
from optiq.reports.rollups.parts import ADS
from optiq.reports.rollups.reading import counted_until, read_rollups
from optiq.tenancy import api as tenancy

__all__ = ["forecast"]

_METRICS: tuple[ForecastMetric, ...] = ("revenue", "spend")


@dataclass(frozen=True, slots=True)
class _Known:
    """What is counted of a metric by day; days until `complete` have ended."""

    by_day: Mapping[str, int]
    complete: date
    month: DayRange

    def of(self, day: date) -> int:
        return self.by_day.get(day.isoformat(), 0)

    @property
    def past(self) -> dict[date, float]:
        """The complete days of WEEKS weeks, since the first with anything."""
        days = [self.complete - timedelta(days=ago) for ago in range(WEEKS * 7 - 1, -1, -1)]
        first = next((place for place, day in enumerate(days) if self.of(day)), len(days))
        return {day: float(self.of(day)) for day in days[first:]}


def forecast(caller: Caller, site_id: str, *, clock: Clock = system_clock) -> Forecast:
    """Raises NotFoundError: there is no such site."""
    site = tenancy.get_site(caller.organization_id, site_id)
    timezone = parse_timezone(site.timezone)
    until_ms = counted_until(site)
    today = day_of(clock(), timezone)
    month = DayRange(today.replace(day=1), today.replace(day=monthrange(today.year, today.month)[1]), timezone)
    # What is counted tells which days have ended, not the clock.
    complete = min(today, day_of(until_ms, timezone)) - timedelta(days=1)
    first = min(month.first, complete - timedelta(days=WEEKS * 7))
    # Every model shares all revenue out; this one is computed for every conversion.
    parts = (Model.LINEAR, ADS)
    (found,) = read_rollups(caller.organization_id, site_id, parts, [(DayRange(first, today, timezone), None)])
    by_day = found.by_day()
    currency = tenancy.get_organization(caller.organization_id).currency
    metrics = []
    for metric in _METRICS:
        values = {day: int(sums.get(metric) or 0) for day, sums in by_day.items()}
        metrics.append(_forecast(metric, _Known(values, complete, month), today))
    no_rate = float(found.total.get("no_rate") or 0)
    notes: tuple[Note, ...] = () if until_ms else (of_not_counted(),)
    notes += (of_no_rate(no_rate, currency),) if no_rate else ()
    frame = Frame(site.timezone, Days.of(month), until_ms, incomplete_days(month, until_ms), notes)
    return Forecast(currency=currency, method="WEEKDAY_PROFILE", metrics=tuple(metrics), frame=frame)


def _forecast(metric: ForecastMetric, known: _Known, today: date) -> MetricForecast:
    so_far = sum(known.of(day) for day in each_day(known.month.first, known.month.last) if day <= today)
    past = known.past
    because = _because(metric, len(past))
    profile = None if because else profile_of(past)
    days = tuple(_day(known, profile, day, today) for day in each_day(known.month.first, known.month.last))
    if profile is None:
        return MetricForecast(metric, so_far, None, None, None, because, len(past), days)
    to_come = [one for one in days if not one.complete]
    whole = sum((one.expected_micros if one.expected_micros is not None else one.actual_micros) or 0 for one in days)
    margin = round(profile.margin(len(to_come)))
    return MetricForecast(
        metric, so_far, whole, max(so_far, whole - margin), max(so_far, whole + margin), "", len(past), days
    )


def _because(metric: ForecastMetric, days: int) -> str:
    if not days:
        return f"There is no {metric} in the last {WEEKS} weeks."
    if days < LEAST_DAYS:
        return f"The history is too short: {days} of {LEAST_DAYS} complete days."
    return ""


def _day(known: _Known, profile: Profile | None, day: date, today: date) -> ForecastDay:
    complete = day <= known.complete
    actual = known.of(day) if day <= today else None
    if complete or profile is None:
        return ForecastDay(day.isoformat(), actual, complete, None, None, None)
    at_least = actual or 0
    expected, margin = profile.expected(day), profile.margin(1)
    low, middle, high = (max(at_least, round(value)) for value in (expected - margin, expected, expected + margin))
    return ForecastDay(day.isoformat(), actual, complete, middle, low, high)
