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


def test_operator_creates_a_voucher_of_credits_or_of_a_percentage(operator: Operator) -> None:
    fixed = _json(operator("credits", "voucher", "create", "fair-2026", "--name", "Fair", "--credits", "25", "--json"))
    bonus = _json(operator("credits", "voucher", "create", "plus-20", "--name", "Plus", "--percent", "20", "--json"))
    neither = operator("credits", "voucher", "create", "none", "--name", "None")

    assert [(one["kind"], one["value"]) for one in (fixed, bonus)] == [("FIXED_TOKENS", 25), ("PERCENTAGE_BONUS", 20)]
    assert (neither.exit_code, "--credits or --percent" in neither.stderr) == (2, True)
    assert [one["hint"] for one in _json(operator("credits", "voucher", "list", "--json"))["items"]] == ["PLU", "FAI"]
