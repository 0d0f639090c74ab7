"""One deployment for all tests: synthesised, handed to MiniStack's CloudFormation, removed with its process."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.deployed.emulator import HOST_LAYERS, MINISTACK, ROOT, Emulator, Gateway


@dataclass(frozen=True, slots=True)
class Deployment:
    emulator: Emulator
    assembly: Path
    gateway: Gateway
    data: dict[str, str]

    def named(self, stack: dict[str, str], logical_prefix: str) -> str:
        """The physical name of the one resource whose logical id begins so."""
        (name,) = (physical for logical, physical in stack.items() if logical.startswith(logical_prefix))
        return name


@pytest.fixture(scope="session")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    if not MINISTACK.exists() or not HOST_LAYERS.exists():
        pytest.skip("run `make test-deployed`, which installs the emulator first")
    assembly = tmp_path_factory.mktemp("assembly")
    subprocess.run(
        [sys.executable, "-m", "infra.aws.app", "--layers", HOST_LAYERS, "--output", assembly], cwd=ROOT, check=True
    )
    emulator = Emulator(tmp_path_factory.mktemp("ministack"))
    try:
        emulator.wait_until_up()
        emulator.bootstrap()
        outputs: dict[str, str] = {}
        for stack in in_order(assembly):
            outputs |= emulator.deploy(assembly, stack)
        yield Deployment(emulator, assembly, Gateway(emulator, outputs["Address"]), emulator.resources("OptiqData"))
    finally:
        emulator.stop()


def table_environment(deployment: Deployment) -> dict[str, str]:
    """The environment of a script that works on the deployed table."""
    # What makes tests on one machine quick is refused on AWS.
    inherited = {name: value for name, value in os.environ.items() if name != "OPTIQ_PASSWORD_MEMORY_KIB"}
    return {
        **inherited,
        **deployment.emulator.environment,
        "AWS_ENDPOINT_URL": deployment.emulator.endpoint,
        "OPTIQ_SUBSTRATE": "aws",
        "OPTIQ_TABLE": deployment.named(deployment.data, "Table"),
        "OPTIQ_TABLE_ENDPOINT": "",
        "OPTIQ_SECRET": deployment.named(deployment.data, "PlatformSecret"),
    }


@pytest.fixture(scope="session")
def site(deployment: Deployment) -> dict[str, str]:
    """A site in the deployed table, with its keys."""
    script, environment = Path(__file__).parent / "create_site.py", table_environment(deployment)
    done = subprocess.run([sys.executable, script], env=environment, check=True, capture_output=True, text=True)
    keys: dict[str, str] = json.loads(done.stdout)
    return keys


def in_order(assembly: Path) -> list[str]:
    """The stacks of an assembly, each after those it depends on, as `cdk deploy --all` takes them."""
    artifacts = json.loads((assembly / "manifest.json").read_text())["artifacts"]
    stacks = {name: one for name, one in artifacts.items() if one["type"] == "aws:cloudformation:stack"}
    needed = {name: [each for each in one.get("dependencies", ()) if each in stacks] for name, one in stacks.items()}
    return list(TopologicalSorter(needed).static_order())
