"""What staff do with credits, over HTTP with the operator's key."""

import json
from typing import Any

import pytest
from optiq.audit import api as audit
from optiq.audit.contracts import PLATFORM
from optiq.identity.people.callers import OPERATOR
from optiq.tenancy import api as tenancy

from functions.billing import routes
from tests.functional.billing.test_credits_routes import ask
from tests.functional.reports.http import request


@pytest.fixture
def organization_id(table: object) -> str:
    return tenancy.create_site(name="Shop", domains=["shop.example"]).site.organization_id


def operate(method: str, path: str, body: object = None) -> tuple[int, Any]:
    event = request(f"/v1/operator/{path}", "", method=method, body="" if body is None else json.dumps(body))
    event["requestContext"]["authorizer"] = {"lambda": {"credential_id": OPERATOR, "organization_id": ""}}
    answer = routes.handler(event, None)
    return answer["statusCode"], json.loads(answer["body"])


def test_adjustment_adds_and_takes_and_is_audited(organization_id: str) -> None:
    body = {"organization_id": organization_id, "amount": 100, "note": "an outage"}
    assert operate("POST", "credits/adjustments", body)[0] == 201
    status, taken = operate("POST", "credits/adjustments", body | {"amount": -30})

    assert (status, taken["type"], taken["amount"], taken["balance_after"]) == (201, "TAKE_ADJUSTMENT", -30, 70)
    assert ask(organization_id, "/v1/credits/lots")[1]["items"][0]["kind"] == "ADJUSTMENT"
    adjusted = [one.change for one in audit.entries(organization_id).items if one.change.action == "credits.adjusted"]
    assert [(change.actor, change.after["amount"], change.after["note"]) for change in adjusted] == [
        ("operator", -30, "an outage"),
        ("operator", 100, "an outage"),
    ]


def test_adjustment_of_more_than_there_is_needs_payment(organization_id: str) -> None:
    body = {"organization_id": organization_id, "amount": -1, "note": "a mistake"}

    status, problem = operate("POST", "credits/adjustments", body)

    assert (status, problem["code"]) == (402, "PAYMENT_REQUIRED")
    assert problem["detail"] == "amount: 1 credits are needed, 0 are available"


@pytest.mark.parametrize(
    ("change", "status"), [({"amount": 0}, 400), ({"note": " "}, 400), ({"organization_id": "org_none"}, 404)]
)
def test_adjustment_that_cannot_be_is_refused(organization_id: str, change: dict[str, object], status: int) -> None:
    body = {"organization_id": organization_id, "amount": 100, "note": "an outage"}

    assert operate("POST", "credits/adjustments", body | change)[0] == status


def test_overdraft_lets_an_organization_owe_and_is_audited(organization_id: str) -> None:
    body = {"organization_id": organization_id, "credits": 200}

    for _ in range(2):
        assert operate("PUT", "credits/overdraft", body)[1]["overdraft"] == 200

    operate("POST", "credits/adjustments", {"organization_id": organization_id, "amount": -150, "note": "x"})
    assert ask(organization_id)[1]["available"] == -150
    actions = [one.change.action for one in audit.entries(organization_id).items]
    assert actions.count("credits.overdraft_changed") == 1


def test_packages_are_shown_while_they_are_for_sale(organization_id: str) -> None:
    body = {"name": "500 credits", "credits": 500, "prices": {"EUR": "49.90", "USD": 50}, "place": 3}
    status, created = operate("POST", "packages", body)
    assert (status, created["price_micros"]) == (201, {"EUR": 49_900_000, "USD": 50_000_000})
    package_id = created["package_id"]

    def shown(path: str = "/v1/credits/packages") -> list[Any]:
        return [one for one in ask(organization_id, path)[1]["items"] if one["package_id"] == package_id]

    assert shown() == [created]
    changed = operate("PATCH", "packages", {"package_id": package_id, "active": False, "version": 0})[1]
    assert (changed["active"], changed["name"], changed["version"]) == (False, "500 credits", 1)
    assert shown() == []
    assert package_id in [one["package_id"] for one in operate("GET", "packages")[1]["items"]]
    assert "credit_package.changed" in [one.change.action for one in audit.entries(PLATFORM).items]


@pytest.mark.parametrize(
    "change", [{"prices": {}}, {"prices": {"eur": 1}}, {"prices": {"EUR": 0}}, {"credits": 0}, {"name": ""}]
)
def test_package_that_cannot_be_is_refused(table: object, change: dict[str, object]) -> None:
    body = {"name": "500 credits", "credits": 500, "prices": {"EUR": "49.90"}}

    assert operate("POST", "packages", body | change)[0] == 400


def test_voucher_is_created_redeemed_and_turned_off(organization_id: str) -> None:
    code = f"fair-{organization_id[-10:]}"
    body = {"code": code, "kind": "FIXED_TOKENS", "value": 25, "name": "Fair", "max_uses": 3}
    status, created = operate("POST", "vouchers", body)
    assert (status, created["status"], created["hint"]) == (201, "ACTIVE", "FAI")
    assert code.upper() not in json.dumps(created).upper()

    status, redeemed = ask(organization_id, "/v1/vouchers/redeem", "POST", {"code": f" {code} "})
    assert (status, redeemed["credits"], redeemed["bonus_percent"]) == (200, 25, 0)
    assert ask(organization_id, "/v1/vouchers/redeem", "POST", {"code": code})[0] == 409

    off = operate("PATCH", "vouchers", {"voucher_id": created["voucher_id"], "active": False})[1]
    assert (off["status"], off["uses"]) == ("INACTIVE", 1)
    (listed,) = [one for one in operate("GET", "vouchers")[1]["items"] if one["voucher_id"] == created["voucher_id"]]
    assert listed == off
