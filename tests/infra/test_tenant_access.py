"""DynamoDB itself keeps tenants apart: the leading-keys policy, evaluated for every key the code can make."""

import importlib
import importlib.util
import inspect
from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from typing import Any

import pytest
from optiq.kernel.keys import Key
from optiq.kernel.manifest import contexts
from optiq.tenancy import keys

from tests.infra.conftest import Stack

OURS, THEIRS = "org_01JB0000000000000000000001", "org_01JB0000000000000000000002"
NOBODYS = {
    # Looked up before the tenant is known, or belonging to people rather than to a tenant.
    *(
        "credential",
        "unclaimed_event",
        "unclaimed_count",
        "mail",
        "mails_to",
        "user",
        "session",
        "personal_key",
        "authenticator",
    ),
    *("recovery_codes", "address", "provider_account", "provider_accounts_of", "proof", "attempts"),
    *("membership", "slug"),
    # May have a link that signs somebody in.
    *("outbox_item", "handled"),
}
MODULES = [
    importlib.import_module(f"optiq.{context.name}.keys")
    for context in contexts()
    if importlib.util.find_spec(f"optiq.{context.name}.keys")
]
KEY_MAKERS = [
    function
    for module in MODULES
    for name, function in inspect.getmembers(module, inspect.isfunction)
    if not name.startswith("_") and function.__module__ == module.__name__
]


def _policy(service: Stack) -> dict[str, Any]:
    ((role, _),) = [item for item in service.of_type("AWS::IAM::Role").items() if "TenantAccess" in item[0]]
    (policy,) = [p for p in service.of_type("AWS::IAM::Policy").values() if {"Ref": role} in p["Roles"]]
    (statement,) = policy["PolicyDocument"]["Statement"]
    found: dict[str, Any] = statement
    return found


def _allows(statement: dict[str, Any], action: str, tag: str | None, leading_keys: Iterable[str]) -> bool:
    """Evaluates the statement as IAM does; conditions it does not know are an error.

    A variable that has no value leaves its pattern matching nothing
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html).
    """
    conditions = dict(statement["Condition"])
    (like,) = conditions.pop("ForAllValues:StringLike").items()
    assert conditions == {"Null": {"dynamodb:LeadingKeys": "false"}}
    assert like[0] == "dynamodb:LeadingKeys"
    variable = "${aws:PrincipalTag/organization_id}"
    patterns = [pattern.replace(variable, tag) for pattern in like[1] if tag or variable not in pattern]
    asked = list(leading_keys)
    every_one_matches = all(any(fnmatchcase(key, pattern) for pattern in patterns) for key in asked)
    return action in statement["Action"] and bool(asked) and every_one_matches


def _partition_key(make: Callable[..., Any], organization_id: str) -> str:
    """The partition key that a function makes for an organization, whatever else it asks."""
    said = {"organization_id": organization_id, "log": organization_id, "sequence": 1, "version": 1, "window": 1}
    made = make(**{name: said.get(name, "x") for name in inspect.signature(make).parameters})
    return made.pk if isinstance(made, Key) else made


@pytest.mark.parametrize("make", KEY_MAKERS, ids=lambda make: make.__name__)
def test_a_tenants_session_reaches_its_own_keys_and_no_others(service: Stack, make: Callable[..., Any]) -> None:
    statement = _policy(service)
    key = _partition_key(make, OURS)

    assert _allows(statement, "dynamodb:Query", OURS, [key]) == (make.__name__ not in NOBODYS)
    assert not _allows(statement, "dynamodb:Query", THEIRS, [key])
    assert not _allows(statement, "dynamodb:Query", None, [key])


def test_one_foreign_key_among_many_is_enough_to_be_refused(service: Stack) -> None:
    mine, theirs = (keys.organization(organization_id).pk for organization_id in (OURS, THEIRS))

    assert _allows(_policy(service), "dynamodb:BatchGetItem", OURS, [mine, mine])
    assert not _allows(_policy(service), "dynamodb:BatchGetItem", OURS, [mine, theirs])


def test_an_id_that_begins_with_anothers_is_another(service: Stack) -> None:
    longer = keys.organization(f"{OURS}1").pk

    assert not _allows(_policy(service), "dynamodb:GetItem", OURS, [longer])


def test_nothing_that_names_no_key_is_allowed(service: Stack) -> None:
    statement = _policy(service)

    assert not _allows(statement, "dynamodb:Query", OURS, [])
    assert not {action for action in statement["Action"] if "Scan" in action or "PartiQL" in action or "*" in action}


def test_the_role_is_assumed_only_for_an_organization_that_is_named(service: Stack) -> None:
    ((_, role),) = [item for item in service.of_type("AWS::IAM::Role").items() if "TenantAccess" in item[0]]

    statements = role["AssumeRolePolicyDocument"]["Statement"]
    actions = {action for said in statements for action in [said["Action"]] if isinstance(action, str)} | {
        action for said in statements if not isinstance(said["Action"], str) for action in said["Action"]
    }
    assert actions == {"sts:AssumeRole", "sts:TagSession"}
    assert all(said["Condition"]["StringLike"] == {"aws:RequestTag/organization_id": "org_*"} for said in statements)


def test_items_are_a_tenants_unless_they_say_that_they_are_not() -> None:
    for item in [item for context in contexts() for item in context.items]:
        tenants = item.pk.startswith("ORG#<org>")
        assert tenants != item.tenantless, item.entity
        # What lists every site is for scheduled sweeps of all tenants, what lists organizations for the operator; an
        # address's mails are of whatever tenants.
        if tenants and item.gsi1pk and item.entity not in ("site", "organization", "organization's mail"):
            assert item.gsi1pk.startswith(("ORG#<org>", "…")), item.entity
