"""The OpenAPI document says what the gateway does."""

import json
import tomllib
from pathlib import Path

from openapi_spec_validator import validate

from functions.gateway import health, reference
from infra.routes import routes
from scripts.build_openapi import FILE, build, text_of

_BY_SESSION = [{"session": []}, {"session_cookie": []}]
_GUARDED = ([{"api_key": []}, *_BY_SESSION], _BY_SESSION, [{"operator_key": []}])
_ROOT = Path(__file__).parent.parent.parent


def test_the_committed_document_is_up_to_date() -> None:
    assert FILE.read_text(encoding="utf-8") == text_of(build()), "run: python -m scripts.build_openapi"


def test_the_document_is_valid() -> None:
    validate(json.loads(reference.handler({"routeKey": "GET /openapi.json"}, None)["body"]))


def test_the_document_has_every_route_and_no_other() -> None:
    documented = {
        (method.upper(), path, operation.get("security") in _GUARDED)
        for path, operations in build()["paths"].items()
        for method, operation in operations.items()
    }
    assert documented == {(route.method, route.path, not route.is_open) for route in routes()}


def test_every_operation_has_a_name_of_its_own_and_says_what_it_is() -> None:
    operations = [operation for methods in build()["paths"].values() for operation in methods.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names)
    assert all(operation.get("summary") and operation.get("tags") for operation in operations)


def test_every_management_route_describes_its_problems() -> None:
    for methods in build()["paths"].values():
        for operation in methods.values():
            if operation.get("security") in _GUARDED:
                assert {"400", "401", "403", "404", "503"} <= operation["responses"].keys()
                assert "422" not in operation["responses"]


def test_health_says_the_version() -> None:
    answer = health.handler({}, None)
    assert answer["statusCode"] == 200
    assert json.loads(answer["body"]) == {"status": "ok", "version": build()["info"]["version"]}
    # The wheel has the same: hatch reads it where the handler has it.
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["hatch"]["version"]["path"] == "functions/gateway/health.py"
