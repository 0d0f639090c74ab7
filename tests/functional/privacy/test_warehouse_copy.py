"""The copy of the lake in an organization's own place after a person was erased."""

from dataclasses import replace
from pathlib import Path

import pytest
from optiq.kernel.clock import HOUR_MS, system_clock
from optiq.kernel.settings import settings
from optiq.privacy import running
from optiq.tenancy import api as tenancy
from optiq.warehouse import api as warehouse
from optiq.warehouse import destinations

from tests.functional.privacy.world import Shop, plain_bytes
from tests.functional.subscribers import deliver_events

pytestmark = pytest.mark.usefixtures("table")


def test_a_copy_has_nothing_of_an_erased_person_eight_hours_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # GIVEN a copy of the lake with a person in it
    monkeypatch.setattr(destinations, "settings", lambda: replace(settings(), warehouse_folder=str(tmp_path)))
    shop = Shop()
    monkeypatch.setattr(tenancy, "all_sites", lambda: [shop.site.site])
    shop.ann()
    shop.others()
    warehouse.set_destination(shop.caller, {"kind": "FOLDER", "active": True})
    began_ms = system_clock()
    hashes = [one.encode() for one in running.hashes_of(shop.organization_id, (shop.device,))]

    def copy(hours: float) -> None:
        deliver_events()
        warehouse.copy_due(clock=lambda: began_ms + int(hours * HOUR_MS), stop=lambda: False)

    def files_of_ann() -> int:
        return sum(any(one in plain_bytes(file) for one in hashes) for file in tmp_path.rglob("*.parquet"))

    copy(0)
    assert files_of_ann() > 0
    rows = len(list(tmp_path.rglob("*.parquet")))

    # WHEN the person is erased, the next hour copies what changed, though a day is not over
    shop.answer("ERASE")
    copy(1)
    assert len(list(tmp_path.rglob("*.parquet"))) > rows
    written_ms = warehouse.last_copy(shop.caller).finished_ms
    assert written_ms == began_ms + HOUR_MS

    # THEN what it replaced stays six hours for its readers, and then is gone
    copy(6)
    assert files_of_ann() > 0
    copy(7)
    assert files_of_ann() == 0
    # AND nothing more is copied before a day is over
    assert warehouse.last_copy(shop.caller).finished_ms == written_ms
    # AND others have what they had
    assert any(b"B-0" in plain_bytes(file) for file in tmp_path.rglob("*.parquet"))
