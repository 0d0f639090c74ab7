"""The policy that deploys (docs/aws.md) is as wide as the templates are, and no wider."""

import json
from pathlib import Path

from infra.aws.deploy_policy import SERVICES, policy
from tests.infra.conftest import read_stacks

_OWN_TO_CDK = {"CDK"}
_MOST_CHARACTERS = 6_144
"""Of a managed policy, without blanks: IAM's quota."""


def test_the_policy_names_the_services_of_all_templates_and_no_others(with_options: Path) -> None:
    kinds = {resource["Type"] for stack in read_stacks(with_options).values() for resource in stack.resources.values()}

    assert {kind.split("::")[1] for kind in kinds} - _OWN_TO_CDK == SERVICES


def test_no_statement_allows_every_action() -> None:
    for statement in policy()["Statement"]:
        actions = statement["Action"]
        assert "*" not in "".join([actions] if isinstance(actions, str) else actions)


def test_the_policy_fits_two_managed_policies() -> None:
    assert len(json.dumps(policy(), separators=(",", ":"))) <= 2 * _MOST_CHARACTERS
