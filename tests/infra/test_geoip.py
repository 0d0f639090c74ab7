"""The operator's own GeoIP database, deployed with the functions that take events in."""

from pathlib import Path

import pytest

from infra.aws.app import build_app
from tests.infra.conftest import Stack, all_but_data, handler_of

WHO_LOOKS_UP = {f"functions.collect.{name}.handler" for name in ("beacon", "pixel", "segment", "measurement", "routes")}


def _configured(stack: Stack) -> dict[str, str]:
    """OPTIQ_GEOIP of the functions that have it."""
    environments = {
        handler_of(function): function["Environment"]["Variables"]
        for function in stack.of_type("AWS::Lambda::Function").values()
    }
    return {handler: found["OPTIQ_GEOIP"] for handler, found in environments.items() if "OPTIQ_GEOIP" in found}


def _packages(folder: Path, *databases: str) -> Path:
    for name in ("core", "lake", "geoip"):
        (folder / name).mkdir()
    for name in databases:
        (folder / "geoip" / name).write_bytes(b"stands for a database")
    return folder


def test_no_function_looks_for_a_database_that_nobody_gave(service: Stack) -> None:
    assert _configured(service) == {}


def test_the_functions_that_take_events_in_find_the_one_given(tmp_path: Path) -> None:
    packages, out = _packages(tmp_path, "GeoLite2-City.mmdb"), tmp_path / "out"

    build_app(packages=packages, outdir=str(out)).synth()

    service = all_but_data(out)
    (layer,) = (name for name in service.of_type("AWS::Lambda::LayerVersion") if "GeoIp" in name)
    assert _configured(service) == dict.fromkeys(WHO_LOOKS_UP, "/opt/GeoLite2-City.mmdb")
    for function in service.of_type("AWS::Lambda::Function").values():
        assert ({"Ref": layer} in function["Layers"]) == (handler_of(function) in WHO_LOOKS_UP)


def test_two_databases_are_one_too_many(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="must hold one"):
        build_app(packages=_packages(tmp_path, "a.mmdb", "b.mmdb"), outdir=str(tmp_path / "out"))
