"""Teams, workspaces and the audit log over HTTP."""

import json
from typing import Any

import pytest
from optiq.audit import api as audit
from optiq.identity.people.contracts import Client, Person
from optiq.kernel.clock import system_clock
from optiq.kernel.ids import new_id
from optiq.kernel.manifest import Role
from optiq.tenancy.members import api as members

from functions.audit import routes as audit_routes
from functions.tenancy import routes
from tests.functional.reports.http import request

pytestmark = pytest.mark.usefixtures("table")


class _Colleague:
    """Somebody in the organization, as the authorizer tells of them."""

    def __init__(self, organization_id: str, user_id: str, role: Role) -> None:
        self.user_id = user_id
        self._said = {"organization_id": organization_id, "user_id": user_id, "credential_id": "ses_1", "role": role}

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        event = request(path, "", method=method, body="" if body is None else json.dumps(body))
        event["requestContext"]["authorizer"] = {"lambda": self._said}
        handler = audit_routes.handler if path.startswith("/v1/audit") else routes.handler
        answer = handler(event, None)
        return answer["statusCode"], json.loads(answer["body"] or "null")


@pytest.fixture
def owner() -> _Colleague:
    user_id = new_id("user", system_clock())
    person = Person(user_id, "", "ses_1", "", None, 0)
    made = members.create_organization(person, Client(ip="203.0.113.9"), name="Agency")
    return _Colleague(made.organization_id, user_id, "OWNER")


@pytest.fixture
def member(owner: _Colleague) -> _Colleague:
    return _Colleague(owner._said["organization_id"], new_id("user", system_clock()), "MEMBER")


@pytest.mark.parametrize("kind", ["team", "workspace"])
def test_a_group_is_made_changed_filled_archived_and_restored(owner: _Colleague, kind: str) -> None:
    status, made = owner.ask("POST", f"/v1/{kind}s", {"name": "Growth", "visibility": "PRIVATE"})
    path = f"/v1/{kind}s/{made[f'{kind}_id']}"

    assert (status, made["version"], made["archived_at"]) == (201, 0, None)
    assert owner.ask("GET", path) == (200, made)
    assert owner.ask("GET", f"/v1/{kind}s") == (200, {"items": [made], "cursor": None})
    status, changed = owner.ask("PATCH", path, {"name": "Reach", "version": 0})
    assert (status, changed) == (200, made | {"name": "Reach", "version": 1})
    assert owner.ask("PATCH", path, {"name": "Late", "version": 0})[0] == 409
    assert owner.ask("PATCH", path, {"name": None})[0] == 400
    assert owner.ask("PATCH", path, {"archived": True})[1]["archived_at"]
    assert owner.ask("GET", f"/v1/{kind}s") == (200, {"items": [], "cursor": None})
    assert len(owner.ask("GET", f"/v1/{kind}s?archived=true")[1]["items"]) == 1
    assert owner.ask("PATCH", path, {"archived": False})[1]["archived_at"] is None

    assert owner.ask("PUT", f"{path}/members/user_stranger", {"role": "MEMBER"})[0] == 404
    status, said = owner.ask("PUT", f"{path}/members/{owner.user_id}", {"role": "MEMBER"})
    assert (status, said["role"], said["added_by"]) == (200, "MEMBER", owner.user_id)
    assert owner.ask("GET", f"{path}/members") == (200, {"items": [said], "cursor": None})
    for stray in ("x", "~~", "%00", f"team_{owner.user_id}"):
        assert owner.ask("GET", f"{path}/members?cursor={stray}")[0] == 400, stray
    assert owner.ask("DELETE", f"{path}/members/{owner.user_id}") == (204, None)
    assert owner.ask("GET", f"{path}/members")[1]["items"] == []


@pytest.mark.parametrize("kind", ["team", "workspace"])
def test_a_list_comes_in_pages_whose_cursors_are_its_own(owner: _Colleague, kind: str) -> None:
    made = [owner.ask("POST", f"/v1/{kind}s", {"name": f"Group {number}"})[1] for number in range(3)]
    owner.ask("PATCH", f"/v1/{kind}s/{made[1][f'{kind}_id']}", {"archived": True})

    first = owner.ask("GET", f"/v1/{kind}s?limit=1")[1]

    assert first["items"] == made[:1]
    path = f"/v1/{kind}s?limit=1&cursor={first['cursor']}"
    assert owner.ask("GET", path) == (200, {"items": made[2:], "cursor": None})
    other = "workspace" if kind == "team" else "team"
    assert owner.ask("GET", f"/v1/{other}s?cursor={first['cursor']}")[0] == 400


def test_a_secret_group_is_404_for_a_member_who_is_not_in_it(owner: _Colleague, member: _Colleague) -> None:
    for kind in ("team", "workspace"):
        made = owner.ask("POST", f"/v1/{kind}s", {"name": "Takeover", "visibility": "SECRET"})[1]
        path = f"/v1/{kind}s/{made[f'{kind}_id']}"

        assert member.ask("GET", f"/v1/{kind}s") == (200, {"items": [], "cursor": None})
        assert {
            member.ask("GET", path)[0],
            member.ask("PATCH", path, {"name": "x"})[0],
            member.ask("GET", f"{path}/members")[0],
            member.ask("PUT", f"{path}/members/{member.user_id}", {})[0],
            member.ask("DELETE", f"{path}/members/{owner.user_id}")[0],
        } == {404}


def test_a_workspaces_route_opens_no_team(owner: _Colleague) -> None:
    team = owner.ask("POST", "/v1/teams", {"name": "Growth"})[1]

    assert owner.ask("GET", f"/v1/workspaces/{team['team_id']}/members")[0] == 404


def test_the_book_is_read_by_actor_by_entity_and_by_time(owner: _Colleague, member: _Colleague) -> None:
    team = owner.ask("POST", "/v1/teams", {"name": "Growth"})[1]
    member.ask("POST", "/v1/teams", {"name": "Other"})
    owner.ask("PATCH", f"/v1/teams/{team['team_id']}", {"name": "Reach"})

    status, page = owner.ask("GET", f"/v1/audit?entity={team['team_id']}")
    assert (status, [entry["action"] for entry in page["items"]]) == (200, ["team.changed", "team.created"])
    changed = page["items"][0]
    assert (changed["actor"], changed["before"], changed["after"]) == (
        owner.user_id,
        {"name": "Growth"},
        {"name": "Reach"},
    )
    by_member = owner.ask("GET", f"/v1/audit?actor={member.user_id}")[1]["items"]
    assert [entry["after"]["name"] for entry in by_member] == ["Other"]
    assert owner.ask("GET", f"/v1/audit?actor={member.user_id}&entity={team['team_id']}")[1]["items"] == []
    assert owner.ask("GET", "/v1/audit?since=2100-01-01T00:00:00Z")[1]["items"] == []
    assert owner.ask("GET", "/v1/audit?until=2020-01-01T00:00:00Z")[1]["items"] == []
    assert owner.ask("GET", "/v1/audit?since=yesterday")[0] == 400


def test_the_audit_log_comes_in_pages_and_is_verified_as_a_whole(owner: _Colleague, member: _Colleague) -> None:
    for number in range(4):
        owner.ask("POST", "/v1/teams", {"name": f"Team {number}"})

    seen, cursor = [], ""
    while cursor is not None:
        page = owner.ask("GET", f"/v1/audit?limit=2{cursor and f'&cursor={cursor}'}")[1]
        seen += [entry["sequence"] for entry in page["items"]]
        cursor = page["cursor"]

    count = len(audit.entries(owner._said["organization_id"]).items)
    assert seen == list(range(count, 0, -1))
    assert owner.ask("GET", "/v1/audit/verify") == (
        200,
        {
            "intact": True,
            "good_entries": count,
            "fault": "",
            "chains": [{"context": "tenancy", "good_entries": count, "fault": ""}],
        },
    )
    stranger = _Colleague(new_id("org", system_clock()), "user_1", "OWNER")
    assert stranger.ask("GET", "/v1/audit")[1]["items"] == []
