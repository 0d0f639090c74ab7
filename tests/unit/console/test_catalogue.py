"""The console's metrics, dimensions and models are those of the API."""

from typing import Any

from optiq.reports import api as reports
from optiq.reports.questions.catalogue import BUCKETS, CATALOGUE, Metric

from tests.unit.console.modules import result_of


def _sources(metric: Metric) -> set[str]:
    parts = [CATALOGUE.metrics[name] for name in (metric.numerator, metric.denominator) if name] or [metric]
    return {str(part.source) for part in parts}


def test_every_metric_of_the_console_is_one_of_the_api_with_its_kind_and_sources() -> None:
    ours: dict[str, Any] = result_of("shared/catalogue.ts", "m.METRICS")

    for name, metric in ours.items():
        known = CATALOGUE.metrics[name]
        assert (metric["kind"], set(metric["sources"])) == (known.kind, _sources(known)), name


def test_every_dimension_of_the_console_is_one_of_the_api_with_its_sources() -> None:
    ours: dict[str, Any] = result_of("shared/catalogue.ts", "m.DIMENSIONS")

    assert not set(ours) & set(BUCKETS)
    for name, dimension in ours.items():
        assert set(dimension["sources"]) == set(CATALOGUE.dimensions[name].columns), name


def test_every_model_and_credited_dimension_can_be_chosen() -> None:
    assert tuple(result_of("shared/models.ts", "m.MODEL_NAMES")) == reports.MODELS
    credited = result_of("shared/catalogue.ts", "m.CREDITED")
    assert tuple(credited) == reports.ATTRIBUTION_DIMENSIONS
