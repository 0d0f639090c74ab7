"""Who may do what: the table of permissions, and that every route says what it needs."""

import itertools
import json
from typing import Any

import pytest
from optiq.kernel.api_resolver import make_resolver
from optiq.kernel.permissions import GRANTABLE, PERMISSIONS, ROLE_NAMES, ROLES, Membership
from optiq.kernel.routes import Route

from infra.routes import routes


@pytest.mark.parametrize("route", routes(), ids=lambda route: route.key)
def test_route_needs_a_known_permission_if_any(route: Route) -> None:
    assert not route.needs or route.needs in PERMISSIONS


def test_each_role_may_do_what_the_next_may_and_more() -> None:
    for higher, lower in itertools.pairwise(ROLE_NAMES):
        assert ROLES[higher] > ROLES[lower]


def test_a_viewer_changes_nothing() -> None:
    assert {name.partition(":")[2] for name in ROLES["VIEWER"]} == {"read"}
    for route in routes():
        if route.needs in ROLES["VIEWER"]:
            assert route.method == "GET" or route.keyless_because == "it changes nothing", route


def test_nobody_is_made_an_owner_by_a_custom_role() -> None:
    assert "organization:own" not in GRANTABLE
    assert "organization:own" not in ROLES["ADMIN"]


def test_what_has_ended_is_judged_when_it_is_asked() -> None:
    member = Membership("org_1", "VIEWER", 1_000, {"sites:write": 500, "ads:write": None})

    assert member.permissions(499) == ROLES["VIEWER"] | {"sites:write", "ads:write"}
    assert member.permissions(500) == ROLES["VIEWER"] | {"ads:write"}
    assert member.permissions(1_000) == frozenset()


def test_who_lacks_a_permission_is_told_its_name_and_the_handler_does_not_run() -> None:
    app = make_resolver("test")

    @app.get("/v1/members", needs="sites:read")
    def never() -> dict[str, Any]:
        raise AssertionError

    event = {
        "version": "2.0",
        "rawPath": "/v1/members",
        "headers": {},
        "requestContext": {
            "http": {"method": "GET", "path": "/v1/members"},
            "stage": "$default",
            "authorizer": {"lambda": {"organization_id": "org_1", "missing_permission": "members:read"}},
        },
    }
    answer = app.resolve(event, None)

    assert answer["statusCode"] == 403
    assert "members:read" in json.loads(answer["body"])["detail"]
