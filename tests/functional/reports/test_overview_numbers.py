"""The overview, against the questions that say the same: one site, rolled up once."""

from pathlib import Path

import pytest
from optiq.kernel.clock import system_clock
from optiq.kernel.ids import new_id
from optiq.reports.overview.api import OF_CUSTOMERS

from tests.functional.reports.conftest import SiteMaker
from tests.functional.reports.rolled import Rolled
from tests.support.examples import some_and_slow

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture(scope="module")
def organization_id() -> str:
    return new_id("org", system_clock())


@pytest.fixture(scope="module")
def site_id() -> str:
    return new_id("site", system_clock())


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lake of all these tests."""
    return tmp_path_factory.mktemp("lake")


@pytest.fixture
def rolled(make_site: SiteMaker, root: Path) -> Rolled:
    """Written and rolled up for the first test; the others find nothing to do."""
    found = Rolled(make_site(timezone="Europe/Berlin", root=root), 0 if any(root.iterdir()) else 31)
    found.roll_up()
    return found


@pytest.mark.parametrize(
    ("period", "compare", "model"),
    some_and_slow(
        [
            ("last14d", "PREVIOUS_PERIOD", ""),
            ("today", "SAME_WEEKDAYS", "LINEAR"),
            ("2026-01-10..2026-01-20", "2026-01-01..2026-01-05", ""),
            ("last30d", "NONE", "FIRST_TOUCH"),
        ],
        2,
    ),
)
def test_the_overview_has_the_numbers_of_questions(rolled: Rolled, period: str, compare: str, model: str) -> None:
    found = rolled.overview(period, compare, model)
    asked = {"period": period, "compare": compare, "model": model}
    assert found.totals == rolled.ask(**asked).totals
    for name, rows in (("channel", found.channels), ("campaign", found.campaigns)):
        expected = {row.keys: row for row in rolled.ask(dimensions=(name,), **asked).rows}
        assert rows
        assert [expected[row.keys] for row in rows] == list(rows)
    assert found.series == rolled.ask(dimensions=("day",), **asked).rows
    for name, rows, metrics in (
        ("visitor", found.visitors, ("visits",)),
        ("customer", found.customers, OF_CUSTOMERS),
    ):
        of_question = {row.keys[0]: row for row in rolled.ask(*metrics, dimensions=(name,), **asked).rows}
        assert {row.keys[0]: row for row in rows if row.keys[0] in of_question} == of_question
    kinds = {"WHOLE_DAYS_COMPARED"} if compare in ("PREVIOUS_PERIOD", "SAME_WEEKDAYS") else set()
    assert {note.kind for note in found.notes} == kinds


def test_the_overviews_series_by_week_or_month_adds_up_to_its_total(rolled: Rolled) -> None:
    for interval in ("week", "month"):
        found = rolled.overview("last30d", interval=interval)
        assert found.series == rolled.ask(dimensions=(interval,), period="last30d").rows
        assert sum(one.values[5] or 0 for one in found.series) == found.totals.values[5]
