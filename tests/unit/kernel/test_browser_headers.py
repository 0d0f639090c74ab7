"""On AWS every answer to a request tells browsers to come by TLS alone, and that it is no page."""

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from optiq.kernel.browser_headers import DEFAULTS, OVER_TLS
from optiq.kernel.watched import watched


def _answered(monkeypatch: pytest.MonkeyPatch, answer: Any) -> Any:
    module = ModuleType("functions.shop.orders")
    module.handler = lambda *_: answer  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "functions.shop.orders", module)
    return watched("functions.shop.orders.handler", lambda _: None)({}, SimpleNamespace(aws_request_id="r-1"))


@pytest.mark.parametrize("answer", [{"statusCode": 200, "headers": {"etag": '"1"'}}, {"statusCode": 404}])
def test_answer_has_every_header_when_it_is_one_to_a_request(
    monkeypatch: pytest.MonkeyPatch, answer: dict[str, Any]
) -> None:
    headers = _answered(monkeypatch, answer)["headers"]

    assert headers == {**answer.get("headers", {}), **DEFAULTS, **OVER_TLS}
    assert headers["strict-transport-security"] == "max-age=31536000"
    assert headers["x-content-type-options"] == "nosniff"


def test_answer_keeps_its_own_policy_when_it_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    own = {"Content-Security-Policy": "script-src 'self'", "referrer-policy": "origin"}

    headers = _answered(monkeypatch, {"statusCode": 200, "headers": own})["headers"]

    assert {name: headers[name] for name in own} == own
    assert "content-security-policy" not in headers


@pytest.mark.parametrize("answer", [None, {"batchItemFailures": []}, {"isAuthorized": False}])
def test_answer_stays_as_it_is_when_nobody_asked_by_http(monkeypatch: pytest.MonkeyPatch, answer: Any) -> None:
    assert _answered(monkeypatch, answer) == answer
