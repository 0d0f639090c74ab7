"""The graphs of a stage are made from the manifests, and every metric in them is one that something writes."""

import json
from typing import Any

import pytest
from optiq.kernel.errors import OptiqError
from optiq.kernel.manifest import contexts
from optiq.kernel.watched import BY_CODE, DIMENSIONS, METRICS, NAMESPACE, REFUSALS

from tests.infra.conftest import Stack


@pytest.fixture
def widgets(stacks: dict[str, Stack]) -> list[dict[str, Any]]:
    (board,) = stacks["OptiqStage"].of_type("AWS::CloudWatch::Dashboard").values()
    # References to what other stacks made stand between pieces of the text.
    pieces = board["DashboardBody"]["Fn::Join"][1]
    text = "".join(piece if isinstance(piece, str) else "name" for piece in pieces)
    found: list[dict[str, Any]] = json.loads(text)["widgets"]
    return found


def _metrics(widgets: list[dict[str, Any]], title: str = "") -> list[list[Any]]:
    graphs = [widget["properties"] for widget in widgets if widget["type"] == "metric"]
    return [metric for graph in graphs if title in ("", graph["title"]) for metric in graph["metrics"]]


@pytest.mark.parametrize(
    ("title", "metric"), [("Invocations", "Invocations"), ("Errors", "Failures"), ("Duration, p95, ms", "Duration")]
)
def test_dashboard_shows_every_function_of_every_context(
    widgets: list[dict[str, Any]], title: str, metric: str
) -> None:
    shown = {tuple(one[:6]) for one in _metrics(widgets, title)}

    assert shown == {
        (NAMESPACE, metric, "function", function.module, "service", context.name)
        for context in contexts()
        for function in context.functions
    }


def test_dashboard_shows_what_all_contexts_share(widgets: list[dict[str, Any]]) -> None:
    shown = {(metric[0], metric[1]) for metric in _metrics(widgets)}

    assert shown >= {
        (NAMESPACE, "Accepted"),
        (NAMESPACE, "Rejected"),
        (NAMESPACE, "Credited"),
        (NAMESPACE, "Lag"),
        ("AWS/Kinesis", "GetRecords.IteratorAgeMilliseconds"),
        ("AWS/SQS", "ApproximateNumberOfMessagesVisible"),
        ("AWS/DynamoDB", "ReadThrottleEvents"),
        ("AWS/DynamoDB", "WriteThrottleEvents"),
        ("AWS/ApiGateway", "5xx"),
    }


def test_dashboard_shows_refusals_by_every_code(widgets: list[dict[str, Any]]) -> None:
    codes = {metric[metric.index("code") + 1] for metric in _metrics(widgets, "Refusals, by code")}

    assert codes == {error.code for error in OptiqError.__subclasses__()} - {"UPSTREAM"}


def test_dashboard_names_only_metrics_that_functions_write(widgets: list[dict[str, Any]]) -> None:
    ours = [metric for metric in _metrics(widgets) if metric[0] == NAMESPACE]

    assert {metric[1] for metric in ours} <= {*METRICS, REFUSALS}
    for metric in ours:
        dimensions = BY_CODE if metric[1] == REFUSALS else DIMENSIONS
        assert {metric[2], metric[4]} == set(dimensions)
