"""One page of graphs for a stage, made from the manifests: what each context does, and what they share.

docs/operating.md says what to look at. Alarms are each context's own (alarms.py).
"""

from collections.abc import Iterable

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct
from optiq.kernel.errors import OptiqError, UpstreamError
from optiq.kernel.manifest import Context, contexts
from optiq.kernel.watched import BY_CODE, DIMENSIONS, NAMESPACE, REFUSALS

from infra.aws.alarms import FIVE_MINUTES

_WIDTH = 24
_ACROSS = {3: 8, 4: 6}
"""The width of each graph, by how many are in a row."""
_THROTTLES = ("ReadThrottleEvents", "WriteThrottleEvents")


class Dashboard(Construct):
    """The graphs of one stage.

    Args:
        table, stream, failures_queue: names of what all contexts share.
        api_id: the HTTP API's.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, table: str, stream: str, failures_queue: str, api_id: str
    ) -> None:
        super().__init__(scope, construct_id)
        board = cloudwatch.Dashboard(self, "Board", dashboard_name="Optiq", default_interval=Duration.hours(24))
        board.add_widgets(*_row(
            ("Events taken in", (_ours("Accepted", "collect", one) for one in _collecting())),
            ("Events refused", (_ours("Rejected", "collect", one) for one in _collecting())),
            ("Conversions credited", [_ours("Credited", "attribution", "on_conversions")]),
            ("How far consumers are behind, ms", [*_lags(), _stream_age(stream)]),
        ))  # fmt: skip
        board.add_widgets(*_row(
            ("Requests to the API", [_api(api_id, name) for name in ("Count", "4xx", "5xx")]),
            ("Batches given up", [_dead_letters(failures_queue)]),
            ("The table refuses for load", [_table(table, name) for name in _THROTTLES]),
        ))  # fmt: skip
        for context in contexts():
            if context.functions:
                board.add_widgets(cloudwatch.TextWidget(markdown=f"## {context.name}: {context.what}", width=_WIDTH))
                board.add_widgets(*_of_context(context))


def _of_context(context: Context) -> list[cloudwatch.IWidget]:
    modules = [function.module for function in context.functions]
    return _row(
        ("Invocations", (_ours("Invocations", context.name, module) for module in modules)),
        ("Errors", (_ours("Failures", context.name, module) for module in modules)),
        ("Duration, p95, ms", (_ours("Duration", context.name, module, "p95") for module in modules)),
        ("Refusals, by code", (_refusals(context.name, code) for code in _codes())),
    )


def _row(*graphs: tuple[str, Iterable[cloudwatch.IMetric]]) -> list[cloudwatch.IWidget]:
    width = _ACROSS[len(graphs)]
    return [cloudwatch.GraphWidget(title=title, left=list(metrics), width=width) for title, metrics in graphs]


def _collecting() -> list[str]:
    """The functions that take events in."""
    (collect,) = (context for context in contexts() if context.name == "collect")
    return [function.module for function in collect.functions if "stream" in function.may]


def _codes() -> list[str]:
    """Why a caller may be refused."""
    return sorted(error.code for error in OptiqError.__subclasses__() if error is not UpstreamError)


def _lags() -> list[cloudwatch.IMetric]:
    return [
        _ours("Lag", context.name, function.module, "Maximum")
        for context in contexts()
        for function in context.functions
        if function.consumes
    ]


def _ours(name: str, service: str, function: str, statistic: str = "Sum") -> cloudwatch.Metric:
    dimensions = dict(zip(DIMENSIONS, (service, function), strict=True))
    return _metric(NAMESPACE, name, dimensions, statistic, function)


def _refusals(service: str, code: str) -> cloudwatch.Metric:
    return _metric(NAMESPACE, REFUSALS, dict(zip(BY_CODE, (service, code), strict=True)), "Sum", code)


def _stream_age(stream: str) -> cloudwatch.Metric:
    name = "GetRecords.IteratorAgeMilliseconds"
    return _metric("AWS/Kinesis", name, {"StreamName": stream}, "Maximum", "oldest record read")


def _api(api_id: str, name: str) -> cloudwatch.Metric:
    return _metric("AWS/ApiGateway", name, {"ApiId": api_id, "Stage": "$default"}, "Sum", name)


def _dead_letters(queue: str) -> cloudwatch.Metric:
    return _metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", {"QueueName": queue}, "Maximum", "in the queue")


def _table(table: str, name: str) -> cloudwatch.Metric:
    return _metric("AWS/DynamoDB", name, {"TableName": table}, "Sum", name)


def _metric(namespace: str, name: str, dimensions: dict[str, str], statistic: str, label: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace=namespace,
        metric_name=name,
        dimensions_map=dimensions,
        statistic=statistic,
        label=label,
        period=FIVE_MINUTES,
    )
