"""What whoever deploys chooses: values of CDK's context, `-c name=value` or `context` of cdk.json (docs/aws.md)."""

from constructs import Node
from optiq.kernel.settings import Settings

SIGN_UP = "signUp"


def sign_up_of(node: Node) -> str:
    """OPTIQ_SIGN_UP of every function. Raises ValueError for what it cannot be."""
    value = str(node.try_get_context(SIGN_UP) or "open")
    Settings.from_environment({"OPTIQ_SIGN_UP": value})
    return value
