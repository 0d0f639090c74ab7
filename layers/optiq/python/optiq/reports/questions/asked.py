"""A question checked, and made ready for the sources that answer it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from optiq.attribution import api as attribution
from optiq.kernel.caller import Caller
from optiq.kernel.clock import day_of, parse_as_of, parse_timezone
from optiq.kernel.errors import InvalidError
from optiq.reports.costs.accounts import NONE, costs_of
from optiq.reports.domain import MODELS, DayRange
from optiq.reports.questions.catalogue import ASIDES, BUCKETS, CATALOGUE, Metric, Source, parts_of
from optiq.reports.questions.contracts import Ask
from optiq.reports.questions.filters import check_filters
from optiq.reports.questions.grouping_sql import named
from optiq.reports.questions.naming import Names
from optiq.reports.questions.part import Part
from optiq.reports.questions.periods import compared_days, period_days
from optiq.reports.questions.segments import with_segments
from optiq.reports.questions.sources_sql import check_known
from optiq.reports.questions.wrong import wrong
from optiq.tenancy import api as tenancy

MOST_METRICS, MOST_DIMENSIONS, MOST_ROWS = 20, 4, 10_000
_MOST_HOUR_DAYS = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that can be answered.

    Attributes:
        sums: the metrics to be summed, by source.
        keys: the names of a row's keys.
        version: of the site's settings.
        names: of the site.
    """

    caller: Caller
    ask: Ask
    part: Part
    sums: Mapping[Source, tuple[Metric, ...]]
    keys: tuple[str, ...]
    version: int
    names: Names

    @property
    def named(self) -> tuple[str, ...]:
        """The dimensions that rows are by or filtered by, or that a metric looks at."""
        looked_at = (metric.of_dimension for metrics in self.sums.values() for metric in metrics)
        return tuple(dict.fromkeys((*named(self.part), *filter(None, looked_at))))

    @property
    def metrics(self) -> tuple[Metric, ...]:
        return tuple(CATALOGUE.metrics[name] for name in self.ask.metrics)

    def as_totals(self) -> "Asked":
        """The same question without dimensions: people in two rows are one in the total."""
        return replace(self, part=replace(self.part, dimensions=(), bucket=""), keys=())

    def earlier(self, now_ms: int) -> "Asked | None":
        """The question of the period to compare with. Until now of today is compared with the same hours."""
        days = compared_days(self.ask.compare, self.part.days)
        if days is None:
            return None
        end_ms, earlier_end_ms = self.part.days.bounds_ms[1], days.bounds_ms[1]
        until_ms = earlier_end_ms - (end_ms - now_ms) if end_ms > now_ms else None
        return replace(self, part=replace(self.part, days=days, until_ms=until_ms))


def checked(caller: Caller, site_id: str, ask: Ask, now_ms: int) -> Asked:
    """
    Raises:
        NotFoundError: there is no such site.
        InvalidError: a question that cannot be asked; the message begins with the field's name.
    """
    site = tenancy.get_site(caller.organization_id, site_id)
    timezone = parse_timezone(site.timezone)
    today = day_of(now_ms, timezone)
    names = Names(site)
    _check_names(ask, names)
    filters = names.filters(with_segments(caller, site_id, ask.filters, ask.segments))
    check_filters(filters)
    days = period_days(ask.period, today, timezone)
    compared_days(ask.compare, days)
    metrics = [CATALOGUE.metrics[name] for name in ask.metrics]
    of_ads = any(part.source == "ads" for one in metrics for part in parts_of(one))
    costs = costs_of(caller.organization_id, site_id, now_ms) if of_ads else NONE
    sums = _by_source([*metrics, *(ASIDES if of_ads else ())])
    bucket = next((BUCKETS[name] for name in ask.dimensions if name in BUCKETS), "")
    if bucket == "HOUR":
        _check_hours(days, sums)
    model = ask.model or attribution.get_settings(caller, site_id).default_model.value
    if model not in MODELS:
        raise wrong("model", f"'{model[:40]}' is unknown; use one of {', '.join(MODELS)}")
    part = Part(
        site_id=site_id,
        currency=tenancy.get_organization(caller.organization_id).currency,
        days=days,
        dimensions=tuple(names.dimension("dimensions", name) for name in ask.dimensions if name not in BUCKETS),
        bucket=bucket,
        filters=filters,
        metrics=(),
        model=model,
        by_touch_day=ask.basis == "TOUCH_DAY",
        last_touch_day=_utc_today(today, days),
        properties=names.properties,
        costs=costs,
        provisional=ask.provisional,
        as_of_ms=_as_of_ms(ask, timezone, now_ms, sums),
    )
    for source, of_source in sums.items():
        check_known(source, replace(part, metrics=of_source))
    return Asked(caller, ask, part, sums, ask.dimensions, site.version, names)


def _as_of_ms(ask: Ask, timezone: ZoneInfo, now_ms: int, sums: Mapping[Source, object]) -> int | None:
    if ask.as_of and not sums.keys() <= {"ads", "ledger"}:
        raise wrong("as_of", "of visits and events only what is known now can be asked; leave out those metrics")
    try:
        return parse_as_of(ask.as_of, timezone, now_ms)
    except InvalidError as error:
        raise wrong("as_of", str(error).removeprefix("as_of: ")) from error


def _utc_today(today: date, days: DayRange) -> str:
    return max(today.isoformat(), days.utc_days[1])


def _by_source(metrics: list[Metric]) -> dict[Source, tuple[Metric, ...]]:
    sums: dict[Source, tuple[Metric, ...]] = {}
    for metric in dict.fromkeys(part for one in metrics for part in parts_of(one)):
        assert metric.source is not None
        sums[metric.source] = (*sums.get(metric.source, ()), metric)
    return sums


def _check_names(ask: Ask, names: Names) -> None:
    dimensions = (*names.catalogue.dimensions, *BUCKETS)
    for name in ask.metrics:
        if name not in CATALOGUE.metrics:
            raise wrong("metrics", f"'{name[:40]}' is unknown; use some of {', '.join(CATALOGUE.metrics)}")
    for name in ask.dimensions:
        if name not in dimensions:
            raise wrong("dimensions", f"'{name[:40]}' is unknown; use some of {', '.join(dimensions)}")
    if not 1 <= len(ask.metrics) <= MOST_METRICS or len(set(ask.metrics)) < len(ask.metrics):
        raise wrong("metrics", f"name 1 to {MOST_METRICS}, each once")
    if len(ask.dimensions) > MOST_DIMENSIONS or len(set(ask.dimensions)) < len(ask.dimensions):
        raise wrong("dimensions", f"name at most {MOST_DIMENSIONS}, each once")
    if sum(name in BUCKETS for name in ask.dimensions) > 1:
        raise wrong("dimensions", f"name one of {', '.join(BUCKETS)} only")
    whole = [name for name in ask.metrics if CATALOGUE.metrics[name].of_whole_site]
    if whole and (ask.filters or ask.segments or any(name not in BUCKETS for name in ask.dimensions)):
        raise wrong("metrics", f"{whole[0]} is of the whole site: leave out filters, and dimensions but those of time")
    if not 1 <= ask.limit <= MOST_ROWS:
        raise wrong("limit", f"must be between 1 and {MOST_ROWS}")
    asked_for = (*ask.metrics, *ask.dimensions)
    if ask.order and ask.order.removeprefix("-") not in asked_for:
        raise wrong("order", f"must be one of {', '.join(asked_for)}, with - before it for the most first")


def _check_hours(days: DayRange, sums: Mapping[Source, object]) -> None:
    if (days.last - days.first).days >= _MOST_HOUR_DAYS:
        raise wrong("dimensions", f"hour needs a period of at most {_MOST_HOUR_DAYS} days; use day")
    if "ads" in sums:
        raise wrong("dimensions", "hour is not known of spend, clicks and impressions; use day")
