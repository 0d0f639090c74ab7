"""The CDK app: two stacks, one that keeps and one that runs.

make build && npx aws-cdk@2.1148.1 deploy --all
"""

import argparse
from collections.abc import Mapping
from pathlib import Path

from aws_cdk import App, Validations
from cdk_nag import AwsSolutionsChecks

from infra.aws import firewall
from infra.aws.acknowledged import acknowledge_findings
from infra.aws.capacity import asked_for
from infra.aws.functions import ROOT
from infra.aws.service import ServiceStack
from infra.aws.stateful import StatefulStack

PACKAGES = ROOT / "build" / "layers"
_CONTEXT = {
    "@aws-cdk/aws-iam:minimizePolicies": True,
    "@aws-cdk/core:checkSecretUsage": True,
    # The stack that keeps cannot drop what the stack that runs still uses.
    "@aws-cdk/core:defaultCrossStackReferences": "strong",
    "@aws-cdk/core:target-partitions": ["aws"],
}


def build_app(*, packages: Path = PACKAGES, outdir: str | None = None, options: Mapping[str, str] | None = None) -> App:
    """The app, ready to synthesise; `packages` holds the third-party layers (scripts/build_layers.py).

    `options` are what the command line gives as `-c name=value`.

    Raises:
        FileNotFoundError: a layer is missing.
    """
    app = App(outdir=outdir, context={**_CONTEXT, **(options or {})})
    data = StatefulStack(app, "OptiqData")
    service = ServiceStack(app, "OptiqService", data=data, packages=packages)
    if asked_for(app.node, firewall.CONTEXT):
        firewall.FirewallStack(app, "OptiqFirewall")
    acknowledge_findings(data, service)
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
