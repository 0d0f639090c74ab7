"""DynamoDB itself keeps tenants apart: the leading-keys policy, evaluated for every key the code can make."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import optiq
import pytest
from optiq.kernel.keys import Key
from optiq.kernel.manifest import contexts
from optiq.store.api import Store
from optiq.tenancy import keys

from tests.infra.conftest import Stack

OURS, THEIRS = "org_01JB0000000000000000000001", "org_01JB0000000000000000000002"
ITEMS = [item for context in contexts() for item in context.items]
TENANT = ("ORG#<org>", "…")
"""How a partition of a tenant begins in a manifest; `…` is the partition of the item itself."""


def _modules() -> Iterator[Any]:
    """Those that make keys: `keys.py`, and where a Store is."""
    for found in pkgutil.walk_packages(optiq.__path__, "optiq."):
        path = Path(found.module_finder.path, f"{found.name.rpartition('.')[2]}.py")  # type: ignore[union-attr]
        if path.name == "keys.py" or (path.exists() and " = Store(" in path.read_text(encoding="utf-8")):
            yield importlib.import_module(found.name)


def _key_makers() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Each function that makes a key, or a partition of the index, with a name."""
    for module in _modules():
        context = module.__name__.split(".")[1]
        makes_keys = module.__name__.endswith(".keys") and context != "kernel"
        for name, value in inspect.getmembers(module):
            if isinstance(value, Store):
                yield f"{context}: {value.name}", value.key
            elif makes_keys and inspect.isfunction(value) and value.__module__ == module.__name__:
                yield f"{context}: {name}", value


KEY_MAKERS = dict(_key_makers())


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


def _made(make: Callable[..., Any], organization_id: str) -> Key:
    """The key that a function makes for an organization, whatever else it asks; a partition's without a sort key."""
    known = {"organization_id": organization_id, "log": organization_id, "version": 1, "level": "CAMPAIGN"}
    asked = inspect.signature(make).parameters.values()
    made = make(*(known.get(one.name, 1 if one.annotation is int else "x") for one in asked))
    return made if isinstance(made, Key) else Key(made, "")


def _partitions(key: Key) -> Iterator[str]:
    """The templates of the partitions where the manifests have this key, or this partition of the index."""
    for item in ITEMS:
        if key.sk and _fits(key.pk, item.pk) and _fits(key.sk, item.sk):
            yield item.pk
        if not key.sk:
            yield from (partition for partition in (item.pk, item.gsi1pk) if _fits(key.pk, partition))


def _fits(text: str, template: str) -> bool:
    """Whether a text is made after a template such as `ORG#<org>, USER#<user> or PLATFORM`."""
    return any(
        re.fullmatch(re.sub(r"<[^>]*>", "[^#]*", re.escape(one).replace("…", ".*")), text)
        for one in re.split(r", | or ", template)
    )


@pytest.mark.parametrize("name", KEY_MAKERS)
def test_a_tenants_session_reaches_its_own_keys_and_no_others(service: Stack, name: str) -> None:
    statement = _policy(service)
    key = _made(KEY_MAKERS[name], OURS)
    of_tenants = {partition.startswith(TENANT) for partition in _partitions(key)}

    assert of_tenants, f"no manifest has an item with the key {key}"
    assert of_tenants == {_allows(statement, "dynamodb:Query", OURS, [key.pk])}
    assert not _allows(statement, "dynamodb:Query", THEIRS, [key.pk])
    assert not _allows(statement, "dynamodb:Query", None, [key.pk])


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
    for item in ITEMS:
        tenants = item.pk.startswith("ORG#<org>")
        assert tenants != item.tenantless, item.entity
        # What lists every site or what is due is for scheduled sweeps of all tenants, what lists organizations for the
        # operator; an address's mails are of whatever tenants, as are those who redeemed a voucher.
        of_ads = ("ad connection", "ad account", "ad sync")
        of_outbox = ("delivery", "due delivery")
        of_credits = ("due credits", "day of credits", "redemption of a voucher")
        of_billing = (*of_credits, "holding", "billing month", "billing account")
        of_feedback = ("feedback destination",)
        of_all = (
            "site",
            "organization",
            "due mail",
            "alert rule",
            "deletion",
            *of_ads,
            *of_outbox,
            *of_billing,
            *of_feedback,
        )
        if tenants and item.gsi1pk and item.entity not in of_all:
            assert item.gsi1pk.startswith(("ORG#<org>", "…")), item.entity
