"""`optiq credits` against a running system."""

import json
from typing import Any

import pytest

from tests.functional.cli.conftest import NewSite
from tests.functional.cli.runner import Operator

pytestmark = pytest.mark.system


def _json(result: Any) -> Any:
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_operator_adjusts_credits_that_are_listed_and_checked(operator: Operator, site: NewSite) -> None:
    organization_id = site.organization_id
    _json(operator("credits", "adjust", organization_id, "100", "--note", "an outage", "--json"))
    taken = _json(operator("credits", "adjust", organization_id, "-30", "--note", "a mistake", "--json"))
    too_many = operator("credits", "adjust", organization_id, "-71", "--note", "a mistake")

    assert taken["balance_after"] == 70
    assert _json(operator("credits", "show", organization_id, "--json"))["available"] == 70
    listed = _json(operator("credits", "entries", organization_id, "--json"))["items"]
    assert [one["amount"] for one in listed] == [-30, 100]
    assert "a mistake" in operator("credits", "entries", organization_id).stdout
    assert _json(operator("credits", "check", organization_id, "--json"))["good_entries"] == 2
    assert (too_many.exit_code, "PAYMENT_REQUIRED" in too_many.stderr) == (1, True)


def test_operator_creates_vouchers_of_each_kind(operator: Operator) -> None:
    fixed = _json(operator("credits", "voucher", "create", "fair-2026", "--name", "Fair", "--credits", "25", "--json"))
    bonus = _json(operator("credits", "voucher", "create", "plus-20", "--name", "Plus", "--percent", "20", "--json"))
    days = ("--trial-days", "30", "--plan", "STARTER")
    trial = _json(operator("credits", "voucher", "create", "try-30", "--name", "Try", *days, "--json"))
    neither = operator("credits", "voucher", "create", "none", "--name", "None")

    assert [(one["kind"], one["value"], one["plan"]) for one in (fixed, bonus, trial)] == [
        ("FIXED_TOKENS", 25, None),
        ("PERCENTAGE_BONUS", 20, None),
        ("SUBSCRIPTION_TRIAL", 30, "STARTER"),
    ]
    assert (neither.exit_code, "give one of" in neither.stderr) == (2, True)
    hints = [one["hint"] for one in _json(operator("credits", "voucher", "list", "--json"))["items"]]
    assert hints == ["TRY", "PLU", "FAI"]


def test_operator_creates_coupons_and_sees_what_tenants_cost(operator: Operator, site: NewSite) -> None:
    percent = ("--percent", "12.5", "--months", "3", "--plan", "STARTER", "--uses", "7")
    made = _json(operator("billing", "coupon", "create", "spring-12", "--name", "Spring", *percent, "--json"))
    off = _json(operator("billing", "coupon", "switch", made["coupon_id"], "--off", "--json"))
    wrong = operator("billing", "coupon", "create", "none", "--name", "None", "--percent", "a lot")

    assert (made["percent_basis_points"], made["duration"], made["months"]) == (1_250, "REPEATING", 3)
    assert off["status"] == "INACTIVE"
    assert "SPRING-12" in operator("billing", "coupon", "list").stdout
    assert (wrong.exit_code, "--percent" in wrong.stderr) == (2, True)
    costs = _json(operator("billing", "costs", "--json"))["items"]
    assert site.organization_id in [one["organization_id"] for one in costs]
