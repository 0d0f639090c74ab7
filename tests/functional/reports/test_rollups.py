"""Rollups: what they are made of, when they are made again, and what a stop leaves."""

from datetime import UTC, datetime

import pytest
from optiq.kernel.clock import HOUR_MS
from optiq.reports.rollups.parts import OTHER
from optiq.reports.runs import Made
from optiq.tenancy import api as tenancy

from tests.functional.reports.conftest import SiteMaker
from tests.functional.reports.lake import Part
from tests.functional.reports.rolled import NOW_MS, Rolled

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture
def rolled(make_site: SiteMaker) -> Rolled:
    return Rolled(make_site(timezone="Europe/Berlin"))


@pytest.fixture
def brief(make_site: SiteMaker) -> Rolled:
    """A site with three days."""
    return Rolled(make_site(timezone="Europe/Berlin"), 3)


def test_days_of_many_campaigns_add_up_to_the_same_totals(rolled: Rolled, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optiq.reports.rollups.counting.MOST_READ", 1)
    rolled.roll_up()
    found = rolled.overview()
    asked = rolled.ask()
    assert (found.totals, found.series) == (asked.totals, rolled.ask(dimensions=("day",)).rows)
    channels = {row.keys: row for row in rolled.ask(dimensions=("channel",)).rows}
    assert [channels[row.keys] for row in found.channels] == list(found.channels)
    assert OTHER in {row.keys[0] for row in found.campaigns}


def test_the_overview_names_what_changed_most_even_if_it_is_gone(rolled: Rolled) -> None:
    rolled.lake.write_credits(
        rolled.lake.credit("gone", "2026-01-05T10:00:00Z", [Part("Affiliates", 1.0, 900_000_000)], currency="EUR")
    )
    rolled.roll_up()
    found = rolled.overview("last14d")
    assert "Affiliates" not in {one.keys[0] for one in found.channels if one.values[0]}
    assert (found.changed_channels[0].keys, found.changed_channels[0].before[0]) == (("Affiliates",), 900_000_000)
    assert rolled.overview("last14d", "NONE").changed_channels == ()


def test_a_replay_changes_nothing_and_a_late_row_its_day_alone(rolled: Rolled) -> None:
    assert rolled.roll_up().left == 0
    before = rolled.overview()
    assert rolled.roll_up() == Made(0, 0)
    rolled.lake.write_metrics(
        {"day": "2026-01-25", "channel": "Email", "spend_micros": 7, "currency": "EUR", "ad": "b"}
    )
    assert rolled.roll_up() == Made(1, 0)
    assert (rolled.overview().totals.values[1] or 0) == (before.totals.values[1] or 0) + 7
    rolled.visit(datetime(2026, 1, 20, 12, tzinfo=UTC))
    # The day itself and those after it, to that on which the last UTC day ends: other visits may be the first now.
    assert rolled.roll_up() == Made(13, 0)
    assert (rolled.overview().totals.values[5] or 0) == (before.totals.values[5] or 0) + 1


def test_numbers_that_are_not_counted_yet_are_told_apart_from_none(brief: Rolled) -> None:
    found = brief.overview()
    assert (found.data_until_ms, next(note.kind for note in found.notes)) == (0, "NOT_COUNTED_YET")


def test_a_stopped_run_is_continued(brief: Rolled) -> None:
    assert brief.roll_up(stop=lambda: True) == Made(0, 1)
    assert brief.overview().data_until_ms == 0
    assert brief.roll_up(NOW_MS + HOUR_MS).left == 0


def test_a_site_made_after_the_last_run_is_not_counted_yet(brief: Rolled) -> None:
    # GIVEN an organization whose sites were counted at a time before one of them was made
    made_ms = tenancy.get_site(brief.lake.organization_id, brief.lake.site_id).created_ms
    brief.roll_up(made_ms - 1)

    # THEN its overview says so, and no number of 0 looks counted
    found = brief.overview()
    assert (found.data_until_ms, next(note.kind for note in found.notes)) == (0, "NOT_COUNTED_YET")
    brief.roll_up(made_ms + 1)
    assert brief.overview().data_until_ms == made_ms + 1
