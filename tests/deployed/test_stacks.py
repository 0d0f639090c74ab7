"""A context is a stack of its own: it goes and comes back alone."""

import pytest

from tests.deployed.conftest import Deployment

pytestmark = pytest.mark.deployed


def test_a_context_is_removed_and_deployed_alone(deployment: Deployment) -> None:
    gateway, emulator = deployment.gateway, deployment.emulator
    assert gateway.send("GET", "/openapi.json").status == 200

    emulator.remove("OptiqGateway")
    assert gateway.send("GET", "/openapi.json").status == 404
    assert gateway.send("GET", "/o.js").status == 200

    emulator.deploy(deployment.assembly, "OptiqGateway")
    assert gateway.send("GET", "/openapi.json").status == 200
