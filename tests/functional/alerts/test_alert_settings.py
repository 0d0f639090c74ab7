"""What alerts a site's people want: kept as a whole, checked, entered; nothing is due until somebody says so."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from optiq.audit import api as audit
from optiq.tenancy import api as tenancy
from types_boto3_dynamodb import DynamoDBClient

from functions.alerts.routes import handler
from tests.functional.reports.http import answer, request
from tests.functional.tenancy.organizations import Company

NIGHT = {"start": "22:00", "end": "07:00"}


@pytest.fixture(scope="module")
def company(table: DynamoDBClient) -> Company:
    return Company()


@pytest.fixture
def site_id(company: Company) -> str:
    by = tenancy.operator(company.organization_id)
    return tenancy.add_site(by, name="Shop", domains=["shop.example"]).site_id


def _ask(company: Company, site_id: str, body: object = None) -> tuple[int, dict[str, Any]]:
    path, method = f"/v1/sites/{site_id}/alert-settings", "GET" if body is None else "PUT"
    text = "" if body is None else json.dumps(body)
    return answer(handler(request(path, company.organization_id, method=method, body=text), None))


def test_a_site_begins_with_nothing_to_be_told(company: Company, site_id: str) -> None:
    nothing: dict[str, Any] = {"members": [], "addresses": [], "quiet_hours": None}
    assert _ask(company, site_id) == (200, {"version": 0, "changed_at": None} | nothing)


def test_settings_are_kept_as_a_whole_and_changed_by_version(company: Company, site_id: str) -> None:
    colleague = company.hire("VIEWER").user_id
    wanted = {"members": [colleague, colleague], "addresses": ["alerts@shop.example"]}

    status, first = _ask(company, site_id, wanted | {"quiet_hours": NIGHT, "version": 0})

    assert (status, first["version"], first["members"]) == (200, 1, [colleague])
    assert _ask(company, site_id)[1] == first
    assert _ask(company, site_id, wanted | {"quiet_hours": NIGHT})[1] == first
    assert _ask(company, site_id, {"version": 0})[0] == 409
    assert _ask(company, site_id, {"members": [colleague], "version": 1})[1]["addresses"] == []


def test_the_pages_example_is_taken(company: Company, site_id: str) -> None:
    page = (Path(__file__).parents[3] / "docs" / "alerts.md").read_text(encoding="utf-8")
    (body,) = re.findall(r"/alert-settings -d '([^']*)'", page)

    status, kept = _ask(company, site_id, json.loads(body))

    assert (status, len(kept["addresses"]), kept["quiet_hours"]) == (200, 1, NIGHT)


def test_a_change_is_entered_without_the_addresses(company: Company, site_id: str) -> None:
    _ask(company, site_id, {"addresses": ["boss@shop.example"]})

    (entry,) = (
        e for e in audit.entries(company.organization_id).items if e.change.entity == site_id and e.change.before
    )
    assert entry.change.action == "alert_settings.changed"
    assert entry.change.before["addresses"] == []
    assert entry.change.after["addresses"]
    assert "boss" not in str(entry.change)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"rules": []}, "rules"),
        ({"members": ["user_01JB0000000000000000000000"]}, "members.0"),
        ({"addresses": ["not one"]}, "addresses.0"),
        ({"addresses": ["a@shop.example"] * 21}, "addresses"),
        ({"quiet_hours": NIGHT | {"end": "24:00"}}, "quiet_hours.end"),
        ({"quiet_hours": NIGHT | {"end": "22:00"}}, "quiet_hours.end"),
        ({"channels": ["SLACK"]}, "channels"),
    ],
)
def test_what_cannot_be_is_refused_by_name(company: Company, site_id: str, body: object, said: str) -> None:
    status, problem = _ask(company, site_id, body)

    assert (status, said in problem["detail"]) == (400, True), problem
    assert _ask(company, site_id)[1]["version"] == 0


def test_an_organization_names_so_many_new_addresses_and_no_more(table: DynamoDBClient) -> None:
    company = Company()
    by = tenancy.operator(company.organization_id)
    sites = [tenancy.add_site(by, name="Shop", domains=["shop.example"]).site_id for _ in range(11)]

    def name(site: int, first: int) -> int:
        addresses = [f"somebody-{number}@elsewhere.example" for number in range(first, first + 20)]
        return _ask(company, sites[site], {"addresses": addresses})[0]

    # 200 an hour, whatever site they are of; the same again are no new ones.
    assert [name(site, 20 * site) for site in range(10)] == [200] * 10
    assert name(0, 0) == 200
    assert name(10, 200) == 429
    assert _ask(company, sites[10])[1]["addresses"] == []
    assert name(0, 0) == 200
