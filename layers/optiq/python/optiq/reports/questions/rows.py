"""From sums to the rows of an answer: labels of buckets, quotients, changes, order."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from optiq.kernel.clock import each_day
from optiq.reports.domain import DayRange
from optiq.reports.questions.asked import Asked
from optiq.reports.questions.catalogue import BUCKETS, COUNTED, UNREAD, Metric, is_of_ads, parts_of
from optiq.reports.questions.contracts import Number, Row

WEIGHT_DECIMALS = 9
"""Sums of weights are floats, added in any order; beyond this they are noise."""
_EPOCH = date(1970, 1, 1)

Sums = dict[tuple[str, ...], dict[str, Number]]
"""The sums of every source, by the keys of a row."""


def label(bucket: str, number: int) -> str:
    """The first day of a bucket, or its hour, by the number that SQL gives it."""
    if bucket == "HOUR":
        return f"{(_EPOCH + timedelta(days=number // 24)).isoformat()}T{number % 24:02}:00"
    if bucket == "WEEK":
        return (_EPOCH + timedelta(days=number * 7 - 3)).isoformat()
    if bucket == "MONTH":
        return date(number // 12, number % 12 + 1, 1).isoformat()
    return (_EPOCH + timedelta(days=number)).isoformat()


def number_of_label(bucket: str, text: str) -> int:
    """The number that SQL gives a bucket, by its label."""
    if bucket == "HOUR":
        return number_of_label("DAY", text[:10]) * 24 + int(text[11:13])
    day = date.fromisoformat(text)
    if bucket == "MONTH":
        return day.year * 12 + day.month - 1
    days = (day - _EPOCH).days
    return (days + 3) // 7 if bucket == "WEEK" else days


def row_keys(asked: Asked, values: Sequence[str], bucket: object) -> tuple[str, ...]:
    """The keys of a row, by the values of the dimensions and the number of its bucket."""
    given = iter(values)
    return tuple(label(asked.part.bucket, int(str(bucket))) if name in BUCKETS else next(given) for name in asked.keys)


def buckets(bucket: str, days: DayRange) -> list[str]:
    """The labels of a series, oldest first."""
    every = each_day(days.first, days.last)
    if bucket == "HOUR":
        return [f"{day.isoformat()}T{hour:02}:00" for day in every for hour in range(24)]
    return list(dict.fromkeys(first_of(bucket, day).isoformat() for day in every))


def first_of(bucket: str, day: date) -> date:
    """The first day of the bucket that a day is in."""
    if bucket == "WEEK":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if bucket == "MONTH" else day


def moved(sums: Sums, asked: Asked, earlier: Asked) -> Sums:
    """The earlier period's sums, under the keys of the rows they are compared with: buckets by their place."""
    place = next((place for place, name in enumerate(asked.keys) if name in BUCKETS), None)
    if place is None:
        return sums
    then, now = (buckets(asked.part.bucket, one.part.days) for one in (earlier, asked))
    by_place = dict(zip(then, now, strict=False))
    return {
        (*keys[:place], by_place[keys[place]], *keys[place + 1 :]): values
        for keys, values in sums.items()
        if keys[place] in by_place
    }


def row(asked: Asked, keys: tuple[str, ...], now: Sums, before: Sums | None) -> Row:
    values = tuple(_value(metric, now.get(keys, {})) for metric in asked.metrics)
    if before is None:
        return Row(keys, values)
    earlier = tuple(_value(metric, before.get(keys, {})) for metric in asked.metrics)
    return Row(keys, values, earlier, tuple(map(_change, values, earlier)))


def _value(metric: Metric, sums: Mapping[str, Number]) -> Number:
    if not metric.numerator:
        # Rows of ads without a number tell nothing, which is not 0; without rows it is.
        has_rows = metric.source == "ads" and (sums.get(COUNTED) or sums.get(UNREAD))
        return None if has_rows and sums.get(metric.name) is None else _without_noise(sums.get(metric.name))
    if is_of_ads(metric) and sums.get(UNREAD):
        return None
    of = parts_of(metric)
    numerator, denominator = (_without_noise(sums.get(part.name)) for part in of)
    if not denominator or (of[0].claimed and sums.get(of[0].name) is None):
        return None
    quotient = numerator * metric.factor / denominator
    return round(quotient) if metric.kind in ("MONEY", "MILLISECONDS") else round(quotient, WEIGHT_DECIMALS)


def _without_noise(found: Number) -> float | int:
    return round(found, WEIGHT_DECIMALS) if isinstance(found, float) else found or 0


def _change(now: Number, before: Number) -> Number:
    return None if now is None or not before else round((now - before) / abs(before), WEIGHT_DECIMALS)


def ordered(asked: Asked, rows: Iterable[Row]) -> Sequence[Row]:
    """All rows of an answer. A series alone has a row for each bucket, and begins with the oldest."""
    listed = list(rows)
    if len(asked.keys) == 1 and asked.keys[0] in BUCKETS:
        by_key = {one.keys: one for one in listed}
        none: Sums | None = None if asked.ask.compare == "NONE" else {}
        every = ((text,) for text in buckets(asked.part.bucket, asked.part.days))
        listed = [by_key.get(keys) or row(asked, keys, {}, none) for keys in every]
        if not asked.ask.order:
            return listed
    order = asked.ask.order or f"-{asked.ask.metrics[0]}"
    name, most_first = order.removeprefix("-"), order.startswith("-")
    if name in asked.keys:
        place = asked.keys.index(name)
        return sorted(listed, key=lambda one: (one.keys[place], one.keys), reverse=most_first)
    place = asked.ask.metrics.index(name)
    sign = -1 if most_first else 1
    # What cannot be said comes last, whichever way the others go.
    return sorted(listed, key=lambda one: ((value := one.values[place]) is None, sign * (value or 0), one.keys))
