"""How stacks find what another stack made: by SSM parameters, so that each is deployed and replaced alone.

An export that another stack imports cannot change while it is imported, so a shared layer or function could never be
updated (https://github.com/aws/aws-cdk/issues/1972). A parameter is read at each deployment.
"""

from aws_cdk import Stack
from aws_cdk import aws_ssm as ssm
from constructs import Construct

_PREFIX = "/optiq"
_OF_CDK = "C96584B6F00A464EAD1953AFF4B05118"


def share(scope: Construct, **values: str) -> None:
    """Tells other stacks values by name, such as `table="optiq-1A2B"`."""
    for name, value in values.items():
        ssm.StringParameter(
            scope, f"Share{name.title().replace('_', '')}", parameter_name=_path(name), string_value=value
        )


def shared(scope: Construct, name: str) -> str:
    """What another stack told under a name; resolved when the stack is deployed."""
    return ssm.StringParameter.value_for_string_parameter(Stack.of(scope), _path(name))


def logical_id(name: str) -> str:
    """What CDK calls the template's parameter that holds a shared value; its audits name it so."""
    return f"SsmParameterValue{_path(name).replace('/', '').replace('-', '')}{_OF_CDK}Parameter"


def _path(name: str) -> str:
    return f"{_PREFIX}/{name.replace('_', '-')}"
