"""One running system for all tests of a module: each creates an organization of its own."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from infra.local.home import ROOT
from infra.local.system import Running, running_system
from tests.functional.cli.runner import Operator


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    if not list(ROOT.glob("node_modules/@dynoxide/*/dynoxide")):
        pytest.skip("the table is not installed: run `npm ci`")
    with running_system(tmp_path_factory.mktemp("home")) as system:
        yield system


@pytest.fixture
def operator(running: Running) -> Operator:
    return Operator(running.home.path)


@dataclass(frozen=True, slots=True)
class NewSite:
    organization_id: str
    site_id: str
    public_key: str
    write_key: str
    api_key: str


@pytest.fixture
def site(operator: Operator) -> NewSite:
    created = operator("site", "create", "--name", "Shop", "--domain", "shop.example", "--json")
    assert created.exit_code == 0, created.stderr
    return NewSite(**json.loads(created.stdout))
