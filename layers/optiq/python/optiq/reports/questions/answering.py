"""Answers a question: one statement for each source it needs, put together by the dimensions' values."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from optiq.ports import wiring
from optiq.ports.query import Value
from optiq.reports.domain import DayRange
from optiq.reports.questions.asked import Asked
from optiq.reports.questions.catalogue import COUNTED, UNREAD, Metric, Source
from optiq.reports.questions.contracts import Answer, Days, Number
from optiq.reports.questions.costs_sql import cost_level
from optiq.reports.questions.cutting import MOST_LINES, Table, cut
from optiq.reports.questions.labels import labels_of
from optiq.reports.questions.notes import incomplete_days, notes_of
from optiq.reports.questions.rows import WEIGHT_DECIMALS, Sums, moved, ordered, row, row_keys
from optiq.reports.questions.sources_sql import statement

_STATEMENTS_AT_ONCE = 4
_Name = tuple[DayRange, int | None, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Summed:
    """The sums by the keys of a row, and how many conversions and days of spend are in no money.

    `many`: there are more rows than are read.
    """

    sums: Sums
    without_rate: float
    many: bool = False


def answer(asked: Asked, now_ms: int) -> Answer:
    """The answer as the lake is now. Raises UpstreamError when it cannot be read."""
    earlier = asked.earlier(now_ms)
    periods = [asked, *([earlier] if earlier else [])]
    parts = [one for part in periods for one in (part, *_totals_apart(part))]
    with ThreadPoolExecutor(_STATEMENTS_AT_ONCE) as pool:
        found = dict(zip(map(_name, parts), _summed(pool, parts), strict=True))
    many = any(found[_name(part)].many for part in periods)
    table = cut(asked, earlier) if many else _whole(asked, earlier, found)
    every = dict.fromkeys((*table.now, *(table.before or ())))
    shown = [keys for keys in every if not _is_gap(asked, table.now.get(keys, {}))]
    rows = [row(asked, keys, table.now, table.before) for keys in shown]
    listed = ordered(asked, rows)
    count = table.count if many else len(listed)
    totals = [_totals(part, added, found) for part, added in zip(periods, table.added, strict=True)]
    total = row(asked.as_totals(), (), totals[0], totals[1] if earlier else None)
    none = not any(total.values)
    return Answer(
        metrics=asked.ask.metrics,
        dimensions=asked.ask.dimensions,
        rows=tuple(listed[: asked.ask.limit]),
        row_count=count,
        totals=total,
        currency=asked.part.currency,
        timezone=str(asked.part.days.timezone),
        model=asked.part.model,
        basis=asked.ask.basis,
        period=Days.of(asked.part.days),
        compared=Days.of(earlier.part.days) if earlier else None,
        compared_until_ms=earlier.part.until_ms if earlier else None,
        data_until_ms=now_ms,
        incomplete_days=incomplete_days(asked.part.days, now_ms),
        notes=notes_of(asked, earlier, table.without_rate, count, totals[0][()], none=none),
        labels=labels_of(asked, listed[: asked.ask.limit]),
    )


def _name(asked: Asked) -> _Name:
    """Tells the part of a question from the others."""
    return asked.part.days, asked.part.until_ms, asked.keys


def _is_gap(asked: Asked, sums: Mapping[str, Number]) -> bool:
    """Whether a row is nothing but days that nobody read: by entities of platforms, it would be of none."""
    if not sums.get(UNREAD) or sums.get(COUNTED) or cost_level(asked.part) == "ACCOUNT":
        return False
    return not any(value for name, value in sums.items() if name != UNREAD)


def _totals_apart(asked: Asked) -> list[Asked]:
    """The question of the totals, as far as rows do not add up to them."""
    apart = {source: tuple(one for one in metrics if not one.adds_up) for source, metrics in asked.sums.items()}
    apart = {source: metrics for source, metrics in apart.items() if metrics}
    return [replace(asked.as_totals(), sums=apart)] if asked.keys and apart else []


def _whole(asked: Asked, earlier: Asked | None, found: dict[_Name, _Summed]) -> Table:
    """All rows, as they were read."""
    now = found[_name(asked)]
    before = found[_name(earlier)].sums if earlier else None
    return Table(
        now=now.sums,
        before=moved(before, asked, earlier) if earlier and before is not None else None,
        added=tuple(_added(sums) for sums in (now.sums, before) if sums is not None),
        count=len(now.sums),
        without_rate=now.without_rate,
    )


def _added(sums: Sums) -> dict[str, Number]:
    added: dict[str, Number] = {}
    for values in sums.values():
        for name, value in values.items():
            before = added.get(name)
            added[name] = before if value is None else (before or 0) + value
    return added


def _totals(asked: Asked, added: dict[str, Number], found: dict[_Name, _Summed]) -> Sums:
    if not asked.keys:
        return found[_name(asked)].sums
    apart = found.get(_name(asked.as_totals()))
    return {(): added | (apart.sums[()] if apart else {})}


def _summed(pool: ThreadPoolExecutor, parts: Sequence[Asked]) -> list[_Summed]:
    lines = [
        [(metrics, pool.submit(_lines, asked, source, metrics)) for source, metrics in asked.sums.items()]
        for asked in parts
    ]
    return [
        _folded(asked, [(metrics, line.result()) for metrics, line in of_part])
        for asked, of_part in zip(parts, lines, strict=True)
    ]


def _lines(asked: Asked, source: Source, metrics: tuple[Metric, ...]) -> list[tuple[Value, ...]]:
    sql = statement(source, replace(asked.part, metrics=metrics))
    text = f"SELECT * FROM ({sql.sql}) AS found LIMIT {MOST_LINES + 1}" if asked.part.dimensions else sql.sql  # noqa: S608
    return wiring.query().run(text, asked.caller.organization_id, sql.parameters).rows


def _folded(asked: Asked, of_sources: Sequence[tuple[tuple[Metric, ...], list[tuple[Value, ...]]]]) -> _Summed:
    sums: Sums = {} if asked.keys else {(): {}}
    without_rate = 0.0
    count = len(asked.part.dimensions)
    if any(len(lines) > MOST_LINES for _, lines in of_sources):
        return _Summed({}, 0.0, many=bool(asked.part.dimensions))
    for metrics, lines in of_sources:
        for line in lines:
            keys = row_keys(asked, [str(value) for value in line[:count]], line[count])
            without_rate += float(line[count + 1] or 0)
            values = zip(metrics, line[count + 2 :], strict=True)
            sums.setdefault(keys, {}).update((one.name, _number(value)) for one, value in values)
    return _Summed(sums, round(without_rate, WEIGHT_DECIMALS))


def _number(value: object) -> Number:
    if value is None:
        return None
    assert isinstance(value, int | float)
    return value
