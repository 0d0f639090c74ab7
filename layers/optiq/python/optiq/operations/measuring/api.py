"""Performance metrics of one machine's handlers. On AWS they are in CloudWatch (docs/operating.md)."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from optiq.kernel.clock import DAY_MS, MINUTE_MS, from_rfc3339, utc_day
from optiq.kernel.errors import InvalidError
from optiq.kernel.ids import id_from
from optiq.kernel.lake_tables import PLATFORM, latest_rows
from optiq.kernel.measures import Measures
from optiq.operations.lake import METRICS
from optiq.operations.measuring.contracts import Metric, MetricsMeasured, MetricType, Unit
from optiq.ports import wiring
from optiq.ports.query import timestamp_text
from optiq.ports.stream import Record

_LONGEST_MS = 31 * DAY_MS
_NAMES: Mapping[str, tuple[MetricType, Unit]] = {
    "handler.calls": ("COUNT", "COUNT"),
    "handler.failures": ("COUNT", "COUNT"),
    "handler.duration": ("GAUGE", "MILLISECONDS"),
    "handler.duration.p95": ("GAUGE", "MILLISECONDS"),
}
Step = Literal["minute", "hour", "day"]
# Calls are added up; of the 95th percentiles the worst is shown. The step is one of ours.
_SQL = f"""
WITH measured AS ({latest_rows(METRICS, "dt BETWEEN ? AND ?")})
SELECT tags, date_trunc('{{step}}', measured_at) AS at,
  CASE WHEN metric_name LIKE '%.p95' THEN max(value) WHEN metric_type = 'GAUGE' THEN avg(value) ELSE sum(value) END
FROM measured
WHERE metric_name = ? AND measured_at >= CAST(? AS TIMESTAMP) AND measured_at < CAST(? AS TIMESTAMP)
GROUP BY tags, metric_name, metric_type, date_trunc('{{step}}', measured_at) ORDER BY 2, 1
"""  # noqa: S608


def hand_on(measures: Measures, process: str, now_ms: int) -> int:
    """Puts what a process measured since the last call onto the stream; for how many handlers.

    Raises UpstreamError: it is lost, as measures may be.
    """
    at_ms = now_ms - now_ms % MINUTE_MS
    messages = [
        MetricsMeasured(
            metric_id=id_from("metric", at_ms, process, handler),
            handler=handler.removeprefix("functions.").removesuffix(".handler"),
            process=process,
            at_ms=at_ms,
            calls=sums.calls,
            failures=sums.failures,
            took_ms=round(sums.took_ms, 3),
            p95_ms=sums.percentile_ms(0.95),
        )
        for handler, sums in measures.take().items()
    ]
    if messages:
        wiring.stream().put([Record("metrics", one.type, one.model_dump_json().encode(), PLATFORM) for one in messages])
    return len(messages)


def take_in(measured: Sequence[MetricsMeasured]) -> None:
    """Writes what was measured into the lake. Raises UpstreamError."""
    # What hands on in every process needs no Arrow.
    from optiq.ports.lake_rows import arrow_table, name_of

    by_day: dict[str, list[MetricsMeasured]] = {}
    for one in measured:
        by_day.setdefault(utc_day(one.at_ms), []).append(one)
    for day, of_day in by_day.items():
        rows = arrow_table(METRICS, [row for one in of_day for row in _rows(one)])
        name = name_of("metrics", [one.metric_id for one in of_day])
        wiring.lake().append(METRICS.name, PLATFORM, day, name, rows)


def _rows(one: MetricsMeasured) -> Iterable[dict[str, object]]:
    values = (one.calls, one.failures, one.took_ms / one.calls, one.p95_ms)
    for (name, (kind, unit)), value in zip(_NAMES.items(), values, strict=True):
        yield {
            "metric_id": one.metric_id,
            "metric_name": name,
            "metric_type": kind,
            "value": float(value),
            "unit": unit,
            "measured_at": one.at_ms,
            "tags": json.dumps({"handler": one.handler, "process": one.process.partition("-")[0]}),
        }


def list_metrics(name: str, from_ms: int, until_ms: int, step: Step = "hour") -> list[Metric]:
    """A metric by handler, in steps of time.

    Raises:
        InvalidError: there is no such metric, or the time is too long. UpstreamError: the lake does not answer.
    """
    if name not in _NAMES:
        raise InvalidError(f"name: must be one of {', '.join(_NAMES)}")
    if not 0 < until_ms - from_ms <= _LONGEST_MS:
        raise InvalidError("until: must be later than from, by 31 days at most")
    days = (utc_day(from_ms), utc_day(until_ms))
    parameters = (*days, name, timestamp_text(from_ms), timestamp_text(until_ms))
    rows = wiring.query().run(_SQL.format(step=step), PLATFORM, parameters).rows
    kind, unit = _NAMES[name]
    return [Metric(name, kind, float(value or 0), unit, from_rfc3339(str(at)), str(tags)) for tags, at, value in rows]
