"""Findings of cdk-nag's AwsSolutions rules that we live with, each acknowledged with its reason where it arises.

Synthesis fails for any other finding.
"""

from aws_cdk import Acknowledgment, CfnElement, Validations
from aws_cdk import aws_iam as iam
from constructs import IConstruct


def accept(construct: IConstruct, rule: str, reason: str) -> None:
    """Accepts a rule's finding about a construct, such as "S1"."""
    Validations.of(construct).acknowledge(Acknowledgment(id=f"AwsSolutions::AwsSolutions-{rule}", reason=reason))


def accept_wildcard(role: iam.IRole | None, resource: str, reason: str) -> None:
    """Accepts that a role's permission ends in a wildcard; `resource` is spelt as cdk-nag spells it.

    Raises:
        TypeError: there is no role.
    """
    if role is None:
        raise TypeError(f"there is no role to accept {resource} for")
    accept(role, f"IAM5[Resource::{resource}]", reason)


def logical_name(construct: IConstruct) -> str:
    """The logical id of a construct's resource. Raises TypeError for one that has none."""
    resource = construct.node.default_child
    if not isinstance(resource, CfnElement):
        raise TypeError(f"{construct.node.path} has no CloudFormation resource")
    return str(resource.stack.resolve(resource.logical_id))
