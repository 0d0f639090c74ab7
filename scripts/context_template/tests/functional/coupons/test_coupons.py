"""Coupons: what users can do with them."""

import json
from typing import Any

from optiq.kernel.clock import system_clock
from optiq.kernel.ids import new_id

from functions.coupons import routes
from tests.functional.reports.http import request


def ask(organization_id: str, method: str = "GET", body: object = None) -> tuple[int, Any]:
    text = "" if body is None else json.dumps(body)
    answer = routes.app(request("/v1/coupons", organization_id, method=method, body=text), None)
    return answer["statusCode"], json.loads(answer["body"])


def test_coupon_is_listed_in_its_organization_alone(table: object) -> None:
    ours, theirs = (new_id("org", system_clock()) for _ in range(2))

    status, created = ask(ours, "POST", {"name": "First"})

    assert status == 201
    assert created.keys() == {"coupon_id", "name", "created_at", "version"}
    assert ask(ours)[1] == {"items": [created], "cursor": None}
    assert ask(theirs)[1] == {"items": [], "cursor": None}


def test_coupon_without_a_name_is_refused(table: object) -> None:
    status, problem = ask(new_id("org", system_clock()), "POST", {"name": " "})

    assert status == 400
    assert problem["detail"].startswith("name: ")
