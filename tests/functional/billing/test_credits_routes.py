"""Credits over HTTP."""

import json
from typing import Any

from functions.billing import routes
from tests.functional.reports.http import request


def ask(organization_id: str, path: str = "/v1/credits", method: str = "GET", body: object = None) -> tuple[int, Any]:
    text = "" if body is None else json.dumps(body)
    answer = routes.handler(request(path, organization_id, method=method, body=text), None)
    return answer["statusCode"], json.loads(answer["body"])


def test_balance_is_nothing_before_the_first_entry(table: object, organization_id: str) -> None:
    assert ask(organization_id) == (200, {"available": 0, "held": 0})
