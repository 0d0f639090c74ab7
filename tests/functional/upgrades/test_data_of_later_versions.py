"""Data that a later Optiq wrote, or began to upgrade, is refused before anything is written."""

from collections.abc import Iterator

import pytest
from optiq.upgrades import api as upgrades
from optiq.upgrades.contracts import LATEST, DataVersionError
from optiq.upgrades.records import DataVersionRecord

from infra.local.data_version import bring_up_to_date
from infra.local.home import StartError
from tests.functional.deletion.tenants import table_items

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture(params=[{"version": LATEST + 1}, {"version": LATEST, "moving_to": LATEST + 1}])
def later(request: pytest.FixtureRequest) -> Iterator[DataVersionRecord]:
    record = DataVersionRecord("DATA", "VERSION", optiq="9.1.0", turn=7, **request.param)
    record.save()
    yield record
    record.delete()


def test_data_of_a_later_version_is_refused_and_stays(later: DataVersionRecord) -> None:
    before = list(table_items())
    says = r"this data is of Optiq 9\.1\.0 or later .* install Optiq 9\.1\.0 or later, or restore a backup"

    with pytest.raises(StartError, match=says):
        bring_up_to_date({})
    for refusing in (upgrades.found, upgrades.require_current, lambda optiq: upgrades.upgrade(optiq, lambda _: None)):
        with pytest.raises(DataVersionError, match=says):
            refusing("0.3.0")
    assert list(table_items()) == before
