"""The operator's own GeoIP database, deployed with the functions that take events in."""

from pathlib import Path

import pytest

from tests.infra.conftest import Stack, all_but_data, handler_of, packages, synthesise

WHO_LOOKS_UP = {f"functions.collect.{name}.handler" for name in ("beacon", "pixel", "segment", "measurement", "routes")}


def _configured(stack: Stack) -> dict[str, str]:
    """OPTIQ_GEOIP of the functions that have it."""
    environments = {
        handler_of(function): function["Environment"]["Variables"]
        for function in stack.of_type("AWS::Lambda::Function").values()
    }
    return {handler: found["OPTIQ_GEOIP"] for handler, found in environments.items() if "OPTIQ_GEOIP" in found}


def test_no_function_looks_for_a_database_that_nobody_gave(service: Stack) -> None:
    assert _configured(service) == {}


def test_the_functions_that_take_events_in_find_the_one_given(with_options: Path) -> None:
    service = all_but_data(with_options)
    (layer,) = (name for name in service.of_type("AWS::Lambda::LayerVersion") if "GeoIp" in name)
    assert _configured(service) == dict.fromkeys(WHO_LOOKS_UP, "/opt/GeoLite2-City.mmdb")
    for function in service.of_type("AWS::Lambda::Function").values():
        assert ({"Ref": layer} in function["Layers"]) == (handler_of(function) in WHO_LOOKS_UP)


def test_two_databases_are_one_too_many(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="must hold one"):
        synthesise(packages(tmp_path, "a.mmdb", "b.mmdb"), tmp_path / "out")
