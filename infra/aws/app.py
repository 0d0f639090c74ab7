"""The CDK app: a stack that keeps, one at the edge, one for each context, and the stage that opens the API.

make build && npx aws-cdk@2.1148.1 deploy --all
"""

import argparse
from collections.abc import Mapping
from pathlib import Path

from aws_cdk import App, Validations
from cdk_nag import AwsSolutionsChecks
from optiq.kernel.manifest import contexts

from infra.aws import firewall
from infra.aws.context_stack import ContextStack
from infra.aws.data import DataStack
from infra.aws.edge import EdgeStack
from infra.aws.functions import asked_for
from infra.aws.platform import ROOT
from infra.aws.stage import StageStack

PACKAGES = ROOT / "build" / "layers"
_CONTEXT = {
    "@aws-cdk/aws-iam:minimizePolicies": True,
    "@aws-cdk/core:checkSecretUsage": True,
    "@aws-cdk/core:target-partitions": ["aws"],
}


def build_app(*, packages: Path = PACKAGES, outdir: str | None = None, options: Mapping[str, str] | None = None) -> App:
    """The app, ready to synthesise; `packages` holds the third-party layers (scripts/build_layers.py).

    `options` are what the command line gives as `-c name=value`.

    Raises:
        FileNotFoundError: a layer is missing.
    """
    app = audited_app(outdir, options)
    data = DataStack(app, "OptiqData")
    edge = EdgeStack(app, "OptiqEdge", packages)
    edge.add_stack_dependency(data)
    stage = StageStack(app, "OptiqStage")
    for context in contexts():
        if any(not function.at_edge for function in context.functions):
            stack = ContextStack(app, context, packages)
            stack.add_stack_dependency(edge)
            stage.add_stack_dependency(stack)
    if asked_for(app.node, firewall.CONTEXT):
        firewall.FirewallStack(app, "OptiqFirewall")
    return app


def audited_app(outdir: str | None = None, options: Mapping[str, str] | None = None) -> App:
    """An app without stacks; cdk-nag's findings that nobody acknowledged stop its synthesis."""
    app = App(outdir=outdir, context={**_CONTEXT, **(options or {})})
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    return app


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Synthesises the CDK app; cdk.json calls it without arguments.")
    parser.add_argument("--layers", type=Path, default=PACKAGES, help="folder of the third-party layers")
    parser.add_argument("--output", help="folder of the cloud assembly")
    return parser.parse_args()


if __name__ == "__main__":
    arguments = _arguments()
    build_app(packages=arguments.layers, outdir=arguments.output).synth()
