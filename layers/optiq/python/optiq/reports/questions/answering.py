"""Answers a question: one statement for each source it needs, put together by the dimensions' values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from optiq.ads.lake import AD_METRICS
from optiq.attribution import api as attribution
from optiq.attribution.lake import CREDITS
from optiq.journeys.lake import SESSIONS, TOUCHES
from optiq.kernel.clock import day_of, parse_timezone
from optiq.kernel.errors import InvalidError
from optiq.ports import wiring
from optiq.rates.lake import RATES
from optiq.reports.domain import DEFAULT_DAYS, MODELS, DayRange, check_choice, read_range
from optiq.reports.lake import STEPS
from optiq.reports.missing import damaged_files
from optiq.reports.questions.catalogue import BUCKETS, CATALOGUE, Metric, Source
from optiq.reports.questions.contracts import Answer, Ask, Number, Row
from optiq.reports.questions.filters import check_filters
from optiq.reports.questions.sources_sql import Part, statement
from optiq.tenancy import api as tenancy

MOST_METRICS, MOST_DIMENSIONS, MOST_ROWS = 20, 4, 10_000
_MOST_HOUR_DAYS = 8
_WEIGHT_DECIMALS = 9
_READ: Mapping[Source, tuple[str, ...]] = {
    "visits": (SESSIONS.name, TOUCHES.name),
    "events": (STEPS.name,),
    "ledger": (CREDITS.name, RATES.name),
    "ads": (AD_METRICS.name, RATES.name),
}
_EPOCH = date(1970, 1, 1)

_Sums = dict[tuple[str, ...], dict[str, Number]]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A checked question: its days, and the metrics to be summed by source."""

    organization_id: str
    ask: Ask
    part: Part
    sums: Mapping[Source, tuple[Metric, ...]]
    keys: tuple[str, ...]


def answer(organization_id: str, site_id: str, ask: Ask, now_ms: int) -> Answer:
    """
    Raises:
        NotFoundError: there is no such site. UpstreamError: the lake cannot be read.
        InvalidError: a question that cannot be asked; the message begins with the field's name.
    """
    asked = _checked(organization_id, site_id, ask, now_ms)
    days = asked.part.days
    rows, without_rate = _summed(asked)
    totals, _ = _summed(_as_totals(asked))
    earlier = _earlier(asked)
    before: _Sums = {}
    before_totals: _Sums = {}
    if earlier is not None:
        before = _moved(_summed(earlier)[0], asked, earlier)
        before_totals = _summed(_as_totals(earlier))[0]
    listed = [_row(asked, keys, rows, before if earlier else None) for keys in dict.fromkeys((*rows, *before))]
    ordered = _ordered(asked, listed)
    tables = [name for source in asked.sums for name in _READ[source]]
    read = {name: days.rate_days if name == RATES.name else days.utc_days for name in tables}
    return Answer(
        metrics=ask.metrics,
        dimensions=ask.dimensions,
        rows=tuple(ordered[: ask.limit]),
        row_count=len(ordered),
        totals=_row(_as_totals(asked), (), totals, before_totals if earlier else None),
        currency=asked.part.currency,
        timezone=str(days.timezone),
        model=asked.part.model,
        basis=ask.basis,
        from_day=days.first.isoformat(),
        to_day=days.last.isoformat(),
        before_from=earlier.part.days.first.isoformat() if earlier else "",
        before_to=earlier.part.days.last.isoformat() if earlier else "",
        without_rate=without_rate,
        damaged_files=damaged_files(organization_id, read),
    )


def _checked(organization_id: str, site_id: str, ask: Ask, now_ms: int) -> _Asked:
    site = tenancy.get_site(organization_id, site_id)
    timezone = parse_timezone(site.timezone)
    _check_names(ask)
    check_filters(ask.filters)
    to_day = ask.to_day or day_of(now_ms, timezone).isoformat()
    from_day = ask.from_day or (_day(to_day) - timedelta(days=DEFAULT_DAYS - 1)).isoformat()
    days = read_range(from_day, to_day, timezone)
    metrics = [CATALOGUE.metrics[name] for name in ask.metrics]
    needed = [one for metric in metrics for one in _parts_of(metric)]
    sums: dict[Source, tuple[Metric, ...]] = {}
    for metric in dict.fromkeys(needed):
        assert metric.source is not None
        sums[metric.source] = (*sums.get(metric.source, ()), metric)
    by_name = tuple(name for name in ask.dimensions if name not in BUCKETS)
    bucket = next((BUCKETS[name] for name in ask.dimensions if name in BUCKETS), "")
    for source in sums:
        for name in by_name:
            if source not in CATALOGUE.dimensions[name].columns:
                raise InvalidError(f"dimensions: {name} is not known of {', '.join(m.name for m in sums[source])}")
    if bucket == "HOUR":
        if (days.last - days.first).days >= _MOST_HOUR_DAYS:
            raise InvalidError(f"dimensions: hours can be shown of at most {_MOST_HOUR_DAYS} days; use day")
        if set(sums) - {"visits", "events"}:
            raise InvalidError("dimensions: only visits and events are known by the hour; use day")
    model = ask.model or attribution.get_settings(organization_id, site_id).default_model.value
    check_choice("model", model, MODELS)
    part = Part(
        site_id=site_id,
        currency=tenancy.get_organization(organization_id).currency,
        days=days,
        dimensions=by_name,
        bucket=bucket,
        filters=ask.filters,
        metrics=(),
        model=model,
        by_touch_day=ask.basis == "TOUCH_DAY",
        last_touch_day=day_of(now_ms, timezone).isoformat(),
    )
    return _Asked(organization_id, ask, part, sums, ask.dimensions)


def _check_names(ask: Ask) -> None:
    known = {**CATALOGUE.dimensions, **BUCKETS}
    for name in ask.metrics:
        if name not in CATALOGUE.metrics:
            raise InvalidError(f"metrics: '{name[:40]}' is no metric; use some of {', '.join(CATALOGUE.metrics)}")
    for name in ask.dimensions:
        if name not in known:
            raise InvalidError(f"dimensions: '{name[:40]}' is no dimension; use some of {', '.join(known)}")
    if not 1 <= len(ask.metrics) <= MOST_METRICS or len(set(ask.metrics)) < len(ask.metrics):
        raise InvalidError(f"metrics: name 1 to {MOST_METRICS}, each once")
    if len(ask.dimensions) > MOST_DIMENSIONS or len(set(ask.dimensions)) < len(ask.dimensions):
        raise InvalidError(f"dimensions: name at most {MOST_DIMENSIONS}, each once")
    if sum(name in BUCKETS for name in ask.dimensions) > 1:
        raise InvalidError(f"dimensions: name one of {', '.join(BUCKETS)} only")
    if not 1 <= ask.limit <= MOST_ROWS:
        raise InvalidError(f"limit: must be between 1 and {MOST_ROWS}")
    if ask.order and ask.order.removeprefix("-") not in (*ask.metrics, *ask.dimensions):
        raise InvalidError(
            "order: must be one of the metrics or dimensions asked for, with - before it for the most first"
        )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidError(f"to: '{text[:40]}' is not a calendar day such as 2026-01-31") from error


def _parts_of(metric: Metric) -> tuple[Metric, ...]:
    names = (metric.numerator, metric.denominator) if metric.numerator else (metric.name,)
    return tuple(CATALOGUE.metrics[name] for name in names)


def _as_totals(asked: _Asked) -> _Asked:
    """The same question without dimensions: people in two rows are one in the total."""
    return replace(asked, part=replace(asked.part, dimensions=(), bucket=""), keys=())


def _earlier(asked: _Asked) -> _Asked | None:
    days = asked.part.days
    count = (days.last - days.first).days + 1
    back = {
        "NONE": 0,
        "PREVIOUS_PERIOD": count,
        "SAME_WEEKDAYS": -(-count // 7) * 7,
        "PREVIOUS_YEAR": 364,
    }[asked.ask.compare]
    if not back:
        return None
    shift = timedelta(days=back)
    return replace(asked, part=replace(asked.part, days=DayRange(days.first - shift, days.last - shift, days.timezone)))


def _summed(asked: _Asked) -> tuple[_Sums, float]:
    """The sums of every source by the keys of a row; and what is in no money."""
    found: _Sums = {}
    without_rate = 0.0
    for source, metrics in asked.sums.items():
        sql = statement(source, replace(asked.part, metrics=metrics))
        for line in wiring.query().run(sql.sql, asked.organization_id, sql.parameters).rows:
            count = len(asked.part.dimensions)
            keys = _keys(asked, [str(value) for value in line[:count]], line[count])
            without_rate += float(line[count + 1] or 0)
            values = line[count + 2 :]
            sums = found.setdefault(keys, {})
            sums |= {one.name: _number(value) for one, value in zip(metrics, values, strict=True)}
    if not asked.keys:
        found.setdefault((), {})
    return found, round(without_rate, _WEIGHT_DECIMALS)


def _number(value: object) -> Number:
    if value is None:
        return None
    assert isinstance(value, int | float)
    return round(value, _WEIGHT_DECIMALS) if isinstance(value, float) else value


def _keys(asked: _Asked, values: Sequence[str], bucket: object) -> tuple[str, ...]:
    given = iter(values)
    return tuple(_label(asked.part.bucket, bucket) if name in BUCKETS else next(given) for name in asked.keys)


def _label(bucket: str, number: object) -> str:
    assert isinstance(number, int)
    if bucket == "HOUR":
        return f"{(_EPOCH + timedelta(days=number // 24)).isoformat()}T{number % 24:02}:00"
    if bucket == "WEEK":
        return (_EPOCH + timedelta(days=number * 7 - 3)).isoformat()
    if bucket == "MONTH":
        return date(number // 12, number % 12 + 1, 1).isoformat()
    return (_EPOCH + timedelta(days=number)).isoformat()


def _moved(sums: _Sums, asked: _Asked, earlier: _Asked) -> _Sums:
    """The earlier period's sums, under the keys of the rows they are compared with."""
    place = next((place for place, name in enumerate(asked.keys) if name in BUCKETS), None)
    if place is None:
        return sums
    shift = asked.part.days.first - earlier.part.days.first

    def moved(key: str) -> str:
        day = (date.fromisoformat(key[:10]) + shift).isoformat()
        return day + key[10:]

    if asked.part.bucket in ("WEEK", "MONTH"):
        # Buckets of other lengths do not fall on one another: they are compared by their place.
        now, then = (_buckets(one) for one in (asked, earlier))
        by_place = dict(zip(then, now, strict=False))
        return {
            (*keys[:place], by_place[keys[place]], *keys[place + 1 :]): values
            for keys, values in sums.items()
            if keys[place] in by_place
        }
    return {(*keys[:place], moved(keys[place]), *keys[place + 1 :]): values for keys, values in sums.items()}


def _buckets(asked: _Asked) -> list[str]:
    """The labels of a series, oldest first."""
    days = asked.part.days
    bucket = asked.part.bucket
    every = (days.first + timedelta(days=number) for number in range((days.last - days.first).days + 1))
    if bucket == "HOUR":
        return [f"{day.isoformat()}T{hour:02}:00" for day in every for hour in range(24)]
    return list(dict.fromkeys(_first_of(bucket, day).isoformat() for day in every))


def _first_of(bucket: str, day: date) -> date:
    if bucket == "WEEK":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if bucket == "MONTH" else day


def _row(asked: _Asked, keys: tuple[str, ...], now: _Sums, before: _Sums | None) -> Row:
    metrics = [CATALOGUE.metrics[name] for name in asked.ask.metrics]
    return Row(
        keys,
        tuple(_value(metric, now.get(keys, {})) for metric in metrics),
        () if before is None else tuple(_value(metric, before.get(keys, {})) for metric in metrics),
    )


def _value(metric: Metric, sums: Mapping[str, Number]) -> Number:
    if not metric.numerator:
        return sums.get(metric.name) or 0
    numerator, denominator = sums.get(metric.numerator) or 0, sums.get(metric.denominator) or 0
    if not denominator:
        return None
    quotient = numerator * metric.factor / denominator
    return round(quotient) if metric.kind in ("MONEY", "MILLISECONDS") else round(quotient, _WEIGHT_DECIMALS)


def _ordered(asked: _Asked, rows: Iterable[Row]) -> list[Row]:
    """All rows of an answer. A series alone has a row for each bucket, and begins with the oldest."""
    listed = list(rows)
    series = len(asked.keys) == 1 and asked.keys[0] in BUCKETS
    if series:
        by_key = {row.keys: row for row in listed}
        empty = _row(asked, ("",), {}, {} if asked.ask.compare != "NONE" else None)
        listed = [by_key.get((label,), replace(empty, keys=(label,))) for label in _buckets(asked)]
        if not asked.ask.order:
            return listed
    order = asked.ask.order or f"-{asked.ask.metrics[0]}"
    name, most_first = order.removeprefix("-"), order.startswith("-")
    if name in asked.keys:
        place = asked.keys.index(name)
        return sorted(listed, key=lambda row: (row.keys[place], row.keys), reverse=most_first)
    place = asked.ask.metrics.index(name)
    sign = -1 if most_first else 1
    # What cannot be said comes last, whichever way the others go.
    return sorted(listed, key=lambda row: ((value := row.values[place]) is None, sign * (value or 0), row.keys))
