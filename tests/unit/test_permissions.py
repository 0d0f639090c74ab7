"""Who may do what: the table of permissions, and that every route says what it needs."""

import itertools
import json
from typing import Any

import pytest
from optiq.identity.people.contracts import Person
from optiq.kernel.api_resolver import make_resolver
from optiq.kernel.permissions import GRANTABLE, PERMISSIONS, ROLE_NAMES, ROLES, Membership, permissions_of
from optiq.kernel.routes import Route

from functions.identity.authorizer import passed_on
from infra.routes import routes
from tests.support.callers import by_key_of


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

    assert member.ends(499).keys() == ROLES["VIEWER"] | {"sites:write", "ads:write"}
    assert member.ends(500).keys() == ROLES["VIEWER"] | {"ads:write"}
    assert member.ends(1_000).keys() == frozenset()


@pytest.mark.parametrize(
    ("passed_on", "allowed"),
    [
        ({}, frozenset()),
        ({"role": ""}, frozenset()),
        ({"role": "ROOT"}, frozenset()),
        ({"role": "VIEWER"}, ROLES["VIEWER"]),
        ({"role": "VIEWER", "extras": "ads:write sites:write"}, ROLES["VIEWER"] | {"ads:write", "sites:write"}),
        ({"role": "OWNER", "scopes": "sites:read ads:write"}, {"sites:read", "ads:write"}),
        ({"role": "VIEWER", "extras": "sites:write", "scopes": "sites:write ads:write"}, {"sites:write"}),
        ({"role": "OWNER", "scopes": ""}, frozenset()),
    ],
)
def test_permissions_are_the_roles_and_what_is_beside_it_within_the_scopes(
    passed_on: dict[str, str], allowed: frozenset[str]
) -> None:
    assert permissions_of(passed_on) == allowed


@pytest.mark.parametrize(
    ("scopes", "expires_ms", "allowed"),
    [
        (None, None, ROLES["MEMBER"] | {"roles:write"}),
        (None, 1_000, frozenset()),
        (frozenset({"roles:write", "members:write"}), None, {"roles:write"}),
        (frozenset(), None, frozenset()),
    ],
)
def test_person_may_do_what_is_passed_on_even_if_empty_values_are_not(
    scopes: frozenset[str] | None, expires_ms: int | None, allowed: frozenset[str]
) -> None:
    member = Membership("org_1", "MEMBER", expires_ms, {"roles:write": None, "members:write": 1_000})
    person = Person("user_1", "org_1", "key_1", "digest", scopes, 0, member)

    passed = {name: value for name, value in passed_on(person, 1_000).items() if value}

    assert permissions_of(passed) == allowed


def test_resolver_names_the_missing_permission_and_runs_no_handler() -> None:
    app = make_resolver("test")

    @app.get("/v1/members", needs="members:read")
    def never() -> dict[str, Any]:
        raise AssertionError

    event = {
        "version": "2.0",
        "rawPath": "/v1/members",
        "headers": {},
        "requestContext": {
            "http": {"method": "GET", "path": "/v1/members"},
            "stage": "$default",
            "authorizer": by_key_of("org_1", role="", extras="sites:read"),
        },
    }
    answer = app.resolve(event, None)

    assert answer["statusCode"] == 403
    assert "members:read" in json.loads(answer["body"])["detail"]
