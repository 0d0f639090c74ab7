"""What keeps callers of the API apart: throttles by route, and two options of the deployment."""

import json
from pathlib import Path
from typing import Any

from infra.routes import routes, sign_in_paths
from tests.infra.conftest import Stack, all_but_data, handler_of


def _reserved(stack: Stack) -> dict[str, int]:
    functions = stack.of_type("AWS::Lambda::Function").values()
    return {
        handler_of(said): said["ReservedConcurrentExecutions"]
        for said in functions
        if "ReservedConcurrentExecutions" in said
    }


def _stack(assembly: Path, name: str) -> Stack:
    return Stack(json.loads((assembly / f"{name}.template.json").read_text())["Resources"])


def test_each_route_has_the_throttle_of_its_kind(service: Stack) -> None:
    ((_, resource),) = [r for r in service.resources.items() if r[1]["Type"] == "AWS::ApiGatewayV2::Stage"]
    settings: dict[str, dict[str, int]] = resource["Properties"]["RouteSettings"]
    default: int = resource["Properties"]["DefaultRouteSettings"]["ThrottlingRateLimit"]

    def rate(key: str) -> int:
        return settings.get(key, {"ThrottlingRateLimit": default})["ThrottlingRateLimit"]

    collecting = {rate(route.key) for route in routes() if route.collects}
    entering = {rate(route.key) for route in routes() if route.signs_in}
    reading = {rate(route.key) for route in routes() if route.needs}
    assert (len(collecting), len(entering), len(reading)) == (1, 1, 1)
    assert collecting.pop() > reading.pop() > entering.pop()
    assert set(settings) <= {route.key for route in routes()}


def test_stage_is_deployed_after_every_route_it_has_settings_of(assembly: Path) -> None:
    manifest = json.loads((assembly / "manifest.json").read_text())["artifacts"]

    contexts = {name for name in manifest if name.startswith("Optiq") and (assembly / f"{name}.template.json").exists()}
    assert contexts - {"OptiqStage"} <= _needed(manifest, "OptiqStage")


def _needed(manifest: dict[str, Any], stack: str) -> set[str]:
    direct = {name for name in manifest[stack].get("dependencies", ()) if not name.endswith(".assets")}
    return direct.union(*(_needed(manifest, name) for name in direct))


def test_nothing_is_reserved_unless_the_deployment_asks(service: Stack, assembly: Path) -> None:
    assert _reserved(service) == {}
    assert not (assembly / "OptiqFirewall.template.json").exists()


def test_what_takes_events_in_and_what_reads_the_stream_is_reserved(with_options: Path, service: Stack) -> None:
    reserved = _reserved(all_but_data(with_options))

    consumers = {
        handler_of(service.resources[said["FunctionName"]["Ref"]]["Properties"])
        for said in service.of_type("AWS::Lambda::EventSourceMapping").values()
    }
    senders = {route.handler for route in routes() if route.collects and not route.handler.endswith("script.handler")}
    assert consumers | senders <= set(reserved)
    # Lambda keeps 100 unreserved of an account's usual 1,000.
    assert sum(reserved.values()) <= 900


def test_the_firewall_counts_by_address_and_holds_sign_in_to_less(with_options: Path) -> None:
    (acl,) = _stack(with_options, "OptiqFirewall").of_type("AWS::WAFv2::WebACL").values()

    assert acl["Scope"] == "CLOUDFRONT"
    rules: dict[str, dict[str, Any]] = {rule["Name"]: rule for rule in acl["Rules"]}
    rated = {name: r["Statement"]["RateBasedStatement"] for name, r in rules.items() if "Block" in r.get("Action", {})}
    assert {said["AggregateKeyType"] for said in rated.values()} == {"IP"}
    assert rated["SignIns"]["Limit"] < rated["Requests"]["Limit"]
    pattern = rated["SignIns"]["ScopeDownStatement"]["RegexMatchStatement"]["RegexString"]
    assert all(path in pattern for path in sign_in_paths())
    # A pattern may have 512 characters.
    assert len(pattern) <= 512
    assert rules["Reputation"]["OverrideAction"] == {"None": {}}
