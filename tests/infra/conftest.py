"""The synthesised templates, made once a run: synthesis takes some ten seconds.

CDK is imported where an app is made and nowhere else: each process that collects tests would start a Node of its own.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from scripts.build_layers import LAYERS
from tests.support.once import made_once


@dataclass(frozen=True, slots=True)
class Stack:
    """One template, as CloudFormation gets it."""

    resources: dict[str, dict[str, Any]]

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        """Properties by logical id."""
        return {
            name: resource.get("Properties", {})
            for name, resource in self.resources.items()
            if resource["Type"] == kind
        }

    def function(self, handler: str) -> tuple[str, dict[str, Any]]:
        """Logical id and properties of the function with this handler."""
        functions = self.of_type("AWS::Lambda::Function").items()
        ((name, properties),) = [item for item in functions if handler_of(item[1]) == handler]
        return name, properties

    def allowed_actions(self, handler: str) -> set[str]:
        """Every action the role of a function allows."""
        role = self.function(handler)[1]["Role"]["Fn::GetAtt"][0]
        assert "ManagedPolicyArns" not in self.resources[role]["Properties"]
        actions: set[str] = set()
        for policy in self.of_type("AWS::IAM::Policy").values():
            if {"Ref": role} in policy["Roles"]:
                for statement in policy["PolicyDocument"]["Statement"]:
                    action = statement["Action"]
                    actions |= {action} if isinstance(action, str) else set(action)
        return actions


def handler_of(function: dict[str, Any]) -> str:
    """The handler behind a function's entry, by its properties."""
    handler: str = function["Environment"]["Variables"]["OPTIQ_HANDLER"]
    return handler


def packages(folder: Path, *databases: str) -> Path:
    """Third-party layers without packages, so that they need no build; with GeoIP databases of these names."""
    for layer in LAYERS:
        (folder / layer / "python").mkdir(parents=True)
        (folder / layer / "python" / f"{layer}.txt").write_text("stands for the packages")
    for name in databases:
        (folder / "geoip").mkdir(exist_ok=True)
        (folder / "geoip" / name).write_bytes(b"stands for a database")
    return folder


def synthesise(layers: Path, folder: Path, options: Mapping[str, str] | None = None) -> None:
    """Writes the cloud assembly of the app into a folder."""
    from infra.aws.app import build_app

    build_app(packages=layers, outdir=str(folder), options=options).synth()


@pytest.fixture(scope="session")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cloud assembly."""
    layers = tmp_path_factory.mktemp("layers")
    return made_once(tmp_path_factory, "assembly", lambda folder: synthesise(packages(layers), folder))


@pytest.fixture(scope="session")
def with_options(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The assembly of a deployment that asks for all that may be asked for, with a GeoIP database."""
    layers = tmp_path_factory.mktemp("layers")
    options = {
        "reservedConcurrency": "true",
        "firewall": "true",
        "signUp": "invited",
        "domain": "optiq.example.com",
        "certificate": f"arn:aws:acm:eu-central-1:{'1' * 12}:certificate/abc",
        "mailSender": "optiq@example.org",
        "alarmMail": "ops@example.org",
    }
    return made_once(
        tmp_path_factory,
        "assembly-with-options",
        lambda folder: synthesise(packages(layers, "GeoLite2-City.mmdb"), folder, options),
    )


@pytest.fixture(scope="session")
def data(assembly: Path) -> Stack:
    return Stack(json.loads((assembly / "OptiqData.template.json").read_text())["Resources"])


def logical_id(name: str) -> str:
    """What a template calls the value that another stack shares under a name."""
    from infra.aws import neighbours

    return neighbours.logical_id(name)


def read_stacks(assembly: Path) -> dict[str, Stack]:
    """Every stack of an assembly, by name."""
    files = {path.name.partition(".")[0]: path for path in sorted(assembly.glob("*.template.json"))}
    return {name: Stack(json.loads(path.read_text())["Resources"]) for name, path in files.items()}


def all_but_data(assembly: Path) -> Stack:
    """What runs, of all stacks together: their resources have names of their own."""
    merged: dict[str, dict[str, Any]] = {}
    for name, stack in read_stacks(assembly).items():
        if name not in ("OptiqData", "OptiqFirewall"):
            resources = {key: one for key, one in stack.resources.items() if key != "CDKMetadata"}
            assert not merged.keys() & resources.keys()
            merged |= resources
    return Stack(merged)


@pytest.fixture(scope="session")
def stacks(assembly: Path) -> dict[str, Stack]:
    return read_stacks(assembly)


@pytest.fixture(scope="session")
def service(assembly: Path) -> Stack:
    return all_but_data(assembly)
