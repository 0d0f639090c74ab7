"""Every invocation leaves one line, of which CloudWatch makes metrics."""

import json
import sys
import time
from contextlib import suppress
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from optiq.kernel.counts import count, take_counts
from optiq.kernel.watched import METRICS, watched

CONTEXT = SimpleNamespace(aws_request_id="r-1")
SECRET = "ok_a-secret"


def _line(monkeypatch: pytest.MonkeyPatch, handler: Any, event: Any) -> dict[str, Any]:
    module = ModuleType("functions.shop.orders")
    module.handler = handler  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "functions.shop.orders", module)
    lines: list[str] = []
    with suppress(ValueError):
        watched("functions.shop.orders.handler", lines.append)(event, CONTEXT)
    (line,) = lines
    found: dict[str, Any] = json.loads(line)
    return found


def _request() -> dict[str, Any]:
    return {
        "routeKey": "POST /v1/orders",
        "headers": {"authorization": f"Bearer {SECRET}"},
        "body": SECRET,
        "requestContext": {"http": {"sourceIp": "203.0.113.7"}, "authorizer": {"lambda": {"organization_id": "org_1"}}},
    }


@pytest.mark.parametrize(("status", "failures"), [(200, 0), (404, 0), (500, 1), (503, 1)])
def test_line_of_a_request_says_who_asked_for_what_and_what_came_of_it(
    monkeypatch: pytest.MonkeyPatch, status: int, failures: int
) -> None:
    line = _line(monkeypatch, lambda *_: {"statusCode": status, "body": SECRET}, _request())

    said = {name: line[name] for name in ("service", "function", "request_id", "route", "organization_id", "status")}
    assert said == {
        "service": "shop",
        "function": "orders",
        "request_id": "r-1",
        "route": "POST /v1/orders",
        "organization_id": "org_1",
        "status": status,
    }
    assert (line["Invocations"], line["Failures"]) == (1, failures)
    assert SECRET not in json.dumps(line)
    assert "203.0.113.7" not in json.dumps(line)


@pytest.mark.parametrize(
    ("stream", "arrived"),
    [("kinesis", "approximateArrivalTimestamp"), ("dynamodb", "ApproximateCreationDateTime")],
)
def test_line_of_a_batch_says_how_many_records_came_and_how_late(
    monkeypatch: pytest.MonkeyPatch, stream: str, arrived: str
) -> None:
    records = [{stream: {arrived: time.time() - ago}} for ago in (5, 2)]

    line = _line(monkeypatch, lambda *_: {"batchItemFailures": [{"itemIdentifier": "1"}]}, {"Records": records})

    assert (line["Records"], line["Failures"]) == (2, 1)
    assert 5_000 <= line["Lag"] < 60_000


def test_line_is_written_when_the_handler_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ValueError(SECRET)

    line = _line(monkeypatch, fail, {})

    assert (line["outcome"], line["Failures"]) == ("raised", 1)
    assert SECRET not in json.dumps(line)


def test_line_describes_the_metrics_it_has_and_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    line = _line(monkeypatch, lambda *_: None, {})

    ((described,),) = [line["_aws"]["CloudWatchMetrics"]]
    assert described["Namespace"] == "Optiq"
    assert described["Dimensions"] == [["service", "function"]]
    assert {metric["Name"] for metric in described["Metrics"]} == METRICS.keys() & line.keys()


def test_line_of_a_refusal_says_why_and_is_counted_by_code(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = {"statusCode": 409, "body": json.dumps({"code": "CONFLICT", "detail": SECRET})}
    line = _line(monkeypatch, lambda *_: refused, _request())

    assert (line["code"], line["Refusals"], line["Failures"]) == ("CONFLICT", 1, 0)
    by_code = line["_aws"]["CloudWatchMetrics"][1]
    assert by_code["Dimensions"] == [["service", "code"]]
    assert [metric["Name"] for metric in by_code["Metrics"]] == ["Refusals"]
    assert SECRET not in json.dumps(line)


@pytest.mark.parametrize("body", [None, "", "<html>gone</html>", "[]", '"text"'])
def test_refusal_without_a_code_is_counted_by_its_status(monkeypatch: pytest.MonkeyPatch, body: object) -> None:
    line = _line(monkeypatch, lambda *_: {"statusCode": 410, "body": body}, _request())

    assert (line["code"], line["Refusals"]) == ("410", 1)


def test_line_tells_what_the_handler_counted_and_the_next_one_nothing_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def handler(*_: object) -> dict[str, object]:
        count("Accepted", 3)
        count("Accepted", 2)
        count("Rejected", 1)
        return {"statusCode": 202}

    take_counts()
    first = _line(monkeypatch, handler, _request())
    second = _line(monkeypatch, lambda *_: {"statusCode": 202}, _request())

    assert (first["Accepted"], first["Rejected"]) == (5, 1)
    assert {"Accepted", "Rejected"} <= {metric["Name"] for metric in first["_aws"]["CloudWatchMetrics"][0]["Metrics"]}
    assert not {"Accepted", "Rejected"} & second.keys()
