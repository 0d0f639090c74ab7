"""A table of another engine than this machine's own, by OPTIQ_TABLE_ENDPOINT: here that of MiniStack."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.home import StartError
from infra.local.system import running_system
from infra.local.table_elsewhere import ENDPOINT, table_elsewhere
from scripts.deployed_environment import install_emulator
from tests.deployed.emulator import Emulator
from tests.support.waiting import wait_until
from tests.system.sites import create_site
from tests.system.upgrade_data import make


@pytest.fixture
def emulator(tmp_path: Path) -> Iterator[Emulator]:
    install_emulator()
    started = Emulator(tmp_path)
    try:
        started.wait_until_up()
        yield started
    finally:
        started.stop()


@pytest.mark.slow
@pytest.mark.system
def test_a_visit_becomes_a_credited_order_over_another_engines_table(emulator: Emulator, tmp_path: Path) -> None:
    settings = emulator.environment | {ENDPOINT: emulator.endpoint, "OPTIQ_TABLE": "optiq-elsewhere"}
    with running_system(tmp_path / "home", environment=settings) as running:
        site = create_site(running.home.path)
        at = make.FIRST
        who = {"anonymousId": "device-1"}
        sent = [
            make.page(who, at, "https://shop.example/?utm_source=google&utm_medium=cpc&utm_campaign=spring"),
            make.order(who | {"userId": "ann"}, at.replace(hour=at.hour + 1), "A-1", 40),
        ]
        make.ask("POST", "/v1/batch", make.basic(site.write_key), {"batch": sent}, running.url)

        def credited() -> object:
            path = f"/v1/sites/{site.site_id}/attribution?by=campaign&from=2026-10-01&to=2026-10-31"
            try:
                rows = make.ask("GET", path, f"Bearer {site.api_key}", url=running.url)["rows"]
            except OSError:
                return False  # a loaded machine takes its time
            return [(row["campaign"], row["revenue_micros"]) for row in rows] == [("spring", 40_900_000)]

        wait_until(credited, "the order is credited")
        assert not (running.home.path / "table.db").exists()


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({ENDPOINT: "localhost:8000"}, "must be an address such as https://"),
        ({ENDPOINT: "https://table.example"}, "set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_DEFAULT_REGION too"),
        (
            {ENDPOINT: "https://table.example", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"},
            "AWS_DEFAULT_REG",
        ),
    ],
)
def test_a_table_elsewhere_is_refused_when_a_setting_is_missing(environment: dict[str, str], message: str) -> None:
    with pytest.raises(StartError, match=message):
        table_elsewhere(environment)


def test_this_machines_own_table_is_meant_by_its_own_key() -> None:
    assert table_elsewhere(os.environ) is None
