"""Performance metrics: what handlers cost, told once a minute, read by handler and time."""

import pytest
from optiq.kernel.clock import DAY_MS, HOUR_MS, MINUTE_MS, system_clock
from optiq.kernel.errors import InvalidError
from optiq.kernel.measures import Measures
from optiq.operations.measuring import api as measuring

from infra.local import handlers
from tests.functional.pipeline import Pipeline

NOW = system_clock() // HOUR_MS * HOUR_MS + 10 * MINUTE_MS


def _told(pipeline: Pipeline, process: str, at_ms: int, *took_ms: float, failures: int = 0) -> None:
    measures = Measures()
    for number, took in enumerate(took_ms):
        measures.note(f"functions.{process}.handler", took, failed=number < failures)
    assert measuring.hand_on(measures, f"{process}-7", at_ms) == 1
    assert measuring.hand_on(measures, f"{process}-7", at_ms) == 0
    pipeline.drain(consumers=("operations",))


def _of(name: str, process: str) -> list[float]:
    found = measuring.list_metrics(name, NOW - HOUR_MS, NOW + HOUR_MS)
    return [one.value for one in found if f'"handler": "{process}"' in one.tags]


def test_calls_are_added_up_and_the_worst_95th_percentile_is_shown(table: object) -> None:
    pipeline, process = Pipeline(), f"p{NOW}.routes"
    _told(pipeline, process, NOW, *[3.0] * 98, 300.0, 4_000.0, failures=1)
    _told(pipeline, process, NOW + MINUTE_MS, *[30.0] * 10)

    assert _of("handler.calls", process) == [110]
    assert _of("handler.failures", process) == [1]
    assert _of("handler.duration.p95", process) == [50]
    (metric,) = [
        one for one in measuring.list_metrics("handler.duration", NOW, NOW + MINUTE_MS, "minute") if process in one.tags
    ]
    assert (round(metric.value, 2), metric.unit, metric.metric_type) == (45.94, "MILLISECONDS", "GAUGE")
    assert metric.measured_ms == NOW


def test_what_is_told_twice_counts_once(table: object) -> None:
    pipeline, process = Pipeline(), f"q{NOW}.routes"
    for _ in range(2):
        _told(pipeline, process, NOW, 1.0, 1.0)

    assert _of("handler.calls", process) == [2]


def test_an_unknown_metric_and_too_long_a_time_say_what_can_be() -> None:
    with pytest.raises(InvalidError, match=r"name: must be one of handler\.calls"):
        measuring.list_metrics("x", NOW - DAY_MS, NOW)
    with pytest.raises(InvalidError, match="until: must be later than from, by 31 days"):
        measuring.list_metrics("handler.calls", NOW - 32 * DAY_MS, NOW)


def test_each_call_of_a_handler_on_one_machine_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    noted = Measures()
    monkeypatch.setattr(handlers, "MEASURES", noted)
    path = "functions.gateway.health.handler"
    handlers.noted(path, handlers.load(path), {}, handlers.Context(path, "1"))

    assert noted.take()[path].calls == 1
