"""Instances of Lambda that are reserved for what must not wait for the rest, if the deployment asks for it."""

from collections.abc import Iterable

from aws_cdk import aws_lambda as lambda_
from constructs import Node

from infra.aws.functions import OptiqFunction

CONTEXT = "reservedConcurrency"
RESERVED = {
    "functions.collect.beacon.handler": 200,
    "functions.collect.pixel.handler": 50,
    "functions.collect.segment.handler": 50,
    "functions.collect.measurement.handler": 50,
    "functions.journeys.on_events.handler": 50,
    "functions.attribution.on_conversions.handler": 50,
}
"""By handler. Lambda keeps 100 unreserved, and refuses more than the account has beyond that."""


def asked_for(node: Node, option: str) -> bool:
    """Whether the context says `-c <option>=true`."""
    return str(node.try_get_context(option)).lower() == "true"


def reserve(node: Node, functions: Iterable[OptiqFunction]) -> None:
    """Reserves, when the context says so: `-c reservedConcurrency=true`."""
    if not asked_for(node, CONTEXT):
        return
    for function in functions:
        if function.handler in RESERVED:
            resource = function.node.default_child
            if not isinstance(resource, lambda_.CfnFunction):
                raise TypeError(f"{function.handler} has no CloudFormation resource")
            resource.reserved_concurrent_executions = RESERVED[function.handler]
