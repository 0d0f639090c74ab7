"""The entry of every function on AWS: calls the handler that OPTIQ_HANDLER names, and leaves one line of it.

The line says what was asked, for which organization, what came of it and how long it took. CloudWatch makes metrics of
it (docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html), and a
traced invocation tells it to X-Ray (tracing.py). No body, address or secret is in it.
"""

import importlib
import json
import logging
import os
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

from optiq.kernel.any_method import by_declared_route
from optiq.kernel.browser_headers import for_browsers
from optiq.kernel.collecting import look_seldom
from optiq.kernel.counts import take_counts
from optiq.kernel.error_reports import ErrorReports
from optiq.kernel.http import authorized
from optiq.kernel.tracing import trace

NAMESPACE = "Optiq"
METRICS = {
    "Invocations": "Count",
    "Failures": "Count",
    "Duration": "Milliseconds",
    "Records": "Count",
    "Lag": "Milliseconds",
    "Accepted": "Count",
    "Rejected": "Count",
    "Credited": "Count",
}
DIMENSIONS = ("service", "function")
REFUSALS, BY_CODE = "Refusals", ("service", "code")
"""Answers with a 4xx, by the code that says why (kernel/errors.py)."""


def watched(path: str, write: Callable[[str], object] = sys.stdout.write) -> Callable[[Any, Any], Any]:
    """The handler at an import path such as `functions.links.routes.handler`, and a line for each of its calls."""
    module, _, name = path.rpartition(".")
    handler = for_browsers(by_declared_route(getattr(importlib.import_module(module), name)))
    _, service, function = module.split(".")
    # Between two calls a function stands still, so a report is sent before the answer.
    reports = ErrorReports(waits=True)
    logging.getLogger().addHandler(reports)

    def call(event: Any, context: Any) -> Any:
        began, started = time.time(), time.perf_counter()
        outcome: dict[str, Any] = {"outcome": "raised", "Failures": 1}
        try:
            answer = handler(event, context)
        except Exception as error:
            reports.report(error, {"service": service, "function": function} | _named(event))
            raise
        else:
            outcome = _outcome(answer)
            return answer
        finally:
            seconds = time.perf_counter() - started
            took = {"Duration": round(seconds * 1000, 2), "Invocations": 1}
            line = {"service": service, "function": function} | _asked(event, context) | outcome | take_counts() | took
            write(json.dumps(_with_metrics(line)) + "\n")
            trace(os.environ, path, began, began + seconds, line, failed=bool(outcome.get("Failures")))

    return call


def _named(event: Any) -> dict[str, str]:
    """The route that was asked for, if one was."""
    return {"route": str(event["routeKey"])} if isinstance(event, Mapping) and "routeKey" in event else {}


def _asked(event: Any, context: Any) -> dict[str, Any]:
    """What is known of who asks for what."""
    asked: dict[str, Any] = {"request_id": getattr(context, "aws_request_id", "")}
    if not isinstance(event, Mapping):
        return asked
    if "routeKey" in event:
        asked |= {"route": event["routeKey"], "organization_id": authorized(event).get("organization_id", "")}
    if records := event.get("Records"):
        arrived = min(_arrived(record) for record in records)
        asked |= {"Records": len(records), "Lag": max(0, round((time.time() - arrived) * 1000))}
    return asked


def _arrived(record: Mapping[str, Any]) -> float:
    """When a record of a stream came, in seconds."""
    if "dynamodb" in record:
        return float(record["dynamodb"]["ApproximateCreationDateTime"])
    return float(record["kinesis"]["approximateArrivalTimestamp"])


def _outcome(answer: Any) -> dict[str, Any]:
    if not isinstance(answer, Mapping):
        return {"outcome": "done"}
    if "statusCode" in answer:
        status = answer["statusCode"]
        refused = {"code": _code(answer), REFUSALS: 1} if 400 <= status < 500 else {}
        return {"outcome": "answered", "status": status, "Failures": int(status >= 500)} | refused
    failed = len(answer.get("batchItemFailures", ()))
    return {"outcome": "done", "Failures": int(failed > 0)}


def _code(answer: Mapping[str, Any]) -> str:
    """Why a request was refused; the status where the answer has no code, such as a page for people."""
    try:
        return str(json.loads(answer["body"])["code"])
    except (KeyError, TypeError, ValueError):
        return str(answer["statusCode"])


def _with_metrics(line: dict[str, Any]) -> dict[str, Any]:
    described = [_described(DIMENSIONS, {name: unit for name, unit in METRICS.items() if name in line})]
    if REFUSALS in line:
        described.append(_described(BY_CODE, {REFUSALS: "Count"}))
    return line | {"_aws": {"Timestamp": time.time_ns() // 1_000_000, "CloudWatchMetrics": described}}


def _described(dimensions: tuple[str, ...], units: Mapping[str, str]) -> dict[str, Any]:
    metrics = [{"Name": name, "Unit": unit} for name, unit in units.items()]
    return {"Namespace": NAMESPACE, "Dimensions": [dimensions], "Metrics": metrics}


def __getattr__(name: str) -> Any:
    """Lambda asks for `handler`: it is made at a function's start, not where a test imports this module."""
    if name != "handler":
        raise AttributeError(name)
    look_seldom()
    globals()["handler"] = watched(os.environ["OPTIQ_HANDLER"])
    return globals()["handler"]
