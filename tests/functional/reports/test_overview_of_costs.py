"""The overview has the costs of connected accounts as questions have them: gaps, days that are not whole, sites."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from optiq.ads.lake import AD_DAILY
from optiq.ads.spending import api as spending
from optiq.ads.spending.contracts import SpendingAccount
from optiq.ports.lake_rows import arrow_table
from optiq.reports.overview.api import TILES

from tests.functional.reports.conftest import SiteMaker
from tests.functional.reports.rolled import Rolled

pytestmark = pytest.mark.usefixtures("table")
FIRST, LAST = date(2026, 1, 22), date(2026, 1, 31)
SPEND, ROAS = TILES.index("spend"), TILES.index("roas")
E = 1_000_000


class Connected(Rolled):
    """A site with an account of Meta, read from FIRST until the morning of LAST."""

    def __init__(self, lake: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(lake, 12)
        self.account = SpendingAccount(
            platform="META",
            external_id="900",
            name="Acme",
            timezone="Europe/Berlin",
            site_id=lake.site_id,
            campaign_sites=(),
            source="facebook",
            medium="paid_social",
            is_read=True,
            read=((FIRST.isoformat(), LAST.isoformat()),),
            final=((FIRST.isoformat(), "2026-01-30"),),
            over_through="2026-01-30",
        )
        monkeypatch.setattr(spending, "spending_accounts", lambda *_: (self.account,))
        for number in range((LAST - FIRST).days + 1):
            self.write((FIRST + timedelta(days=number)).isoformat(), 10 * E)

    def write(self, day: str, spend_micros: int, revision: int = 1) -> None:
        row = {"platform": "META", "account": "900", "day": day, "currency": "EUR", "revision": revision}
        row |= {"impressions": 1, "clicks": 1, "spend_micros": spend_micros, "remainder": "", "kind": ""}
        row |= {"group_id": "", "claimed_count_micros": 0, "claimed_value_micros": 0, "view_through_micros": 0}
        levels = {"ACCOUNT": ("900", ""), "CAMPAIGN": ("120", "120")}
        rows = [row | {"level": level, "entity_id": one, "campaign_id": of} for level, (one, of) in levels.items()]
        self.lake.lake.append(
            AD_DAILY.name, self.lake.organization_id, day, f"{day}-{revision}", arrow_table(AD_DAILY, rows)
        )


@pytest.fixture
def connected(make_site: SiteMaker, monkeypatch: pytest.MonkeyPatch) -> Connected:
    return Connected(make_site(timezone="Europe/Berlin"), monkeypatch)


def test_the_overview_has_connected_costs_as_questions_do(connected: Connected) -> None:
    connected.roll_up()
    for period in ("2026-01-24..2026-01-30", "2026-01-24..2026-01-31", "last14d", "today"):
        found, asked = connected.overview(period, "NONE"), {"period": period, "compare": "NONE"}

        assert found.totals == connected.ask(**asked).totals, period
        assert found.series == connected.ask(dimensions=("day",), **asked).rows, period
        channels = {row.keys: row for row in connected.ask(dimensions=("channel",), **asked).rows}
        assert [channels[row.keys] for row in found.channels] == list(found.channels), period
        kinds = [{note.kind for note in each.notes} - {"NO_RATE"} for each in (found, connected.ask(**asked))]
        assert kinds[0] == kinds[1], period


def test_a_gap_makes_ratios_unknown_and_sums_stay(connected: Connected) -> None:
    connected.roll_up()
    whole = connected.overview("2026-01-22..2026-01-30", "NONE").totals.values
    gap = connected.overview("2026-01-21..2026-01-30", "NONE")
    assert whole[ROAS] is not None
    assert (gap.totals.values[ROAS], gap.totals.values[SPEND] > whole[SPEND]) == (None, True)  # type: ignore[operator]
    assert "NOT_READ" in [note.kind for note in gap.notes]


def test_a_restated_day_and_another_site_are_rolled_up_again(connected: Connected) -> None:
    connected.roll_up()
    days = ("2026-01-24..2026-01-30", "NONE")
    before = connected.overview(*days).totals.values[SPEND]
    assert connected.roll_up().days == 0

    # WHEN the platform restates a day THEN that day and its neighbours are counted again
    connected.write("2026-01-25", 4 * E, revision=2)
    assert connected.roll_up().days == 3
    restated = connected.overview(*days).totals.values[SPEND]
    assert (before or 0) - (restated or 0) == 6 * E

    # WHEN its costs are of no site THEN they are in no overview
    connected.account = replace(connected.account, site_id="")
    connected.roll_up()
    without = connected.overview(*days)
    assert (restated or 0) - (without.totals.values[SPEND] or 0) == (6 * 10 + 4) * E
    assert "UNASSIGNED" in [note.kind for note in without.notes]
