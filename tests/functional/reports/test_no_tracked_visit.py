"""A conversion without a touch in its window is a row of its own, in every report and dimension, never Direct."""

from collections.abc import Sequence
from typing import Any

import pytest
from optiq.attribution import api as attribution
from optiq.attribution.contracts import Model
from optiq.kernel.caller import Caller
from optiq.reports import api as reports
from optiq.reports.contracts import Question
from optiq.reports.domain import ATTRIBUTION_DIMENSIONS

from functions.reports.routes import handler
from tests.functional.reports.conftest import SiteMaker
from tests.functional.reports.http import answer, request
from tests.functional.reports.lake import Part, TestLake
from tests.support.examples import each_and_slow

NO_TRACKED_VISIT = "No tracked visit"
DAY = "2026-01-10"
SOLD_MICROS = 49_900_000
VERSIONS = {"settings_version": 0, "fit_version": 0, "engine_version": 1, "window_days": 90}
OLD_NAMES = {"source": "(direct)", "medium": "(none)", "campaign": "(not set)", "ad": "", "landing_page": ""}
"""What rows of before said of a conversion without a touch; its channel was Direct."""


def sale(lake: TestLake, name: str, parts: Sequence[Part], **columns: Any) -> list[dict[str, object]]:
    """A conversion that every model credits as `parts`; without a touch as a row of before."""
    rows = lake.credit(name, f"{DAY}T12:00:00Z", parts, currency=columns.pop("currency", "EUR"))
    for row, part in zip(rows, parts, strict=True):
        for model in Model:
            row |= {f"{model.lower()}_weight": part.weight, f"{model.lower()}_micros": part.credit_micros}
        row |= VERSIONS | (columns if part.touch_id else OLD_NAMES | columns)
    return rows


@pytest.fixture
def lake(make_site: SiteMaker, monkeypatch: pytest.MonkeyPatch) -> TestLake:
    """A direct visit that bought, and two conversions without a touch: credited before the name was there, and now."""
    lake = make_site()
    monkeypatch.setattr(attribution, "verdicts", lambda *_: {})
    direct = {"source": "(direct)", "medium": "(none)", "campaign": "(not set)", "ad": "", "landing_page": "/"}
    now = dict.fromkeys(OLD_NAMES, NO_TRACKED_VISIT)
    lake.write_credits(
        sale(lake, "direct", [Part("Direct", 1.0, SOLD_MICROS)], **direct),
        sale(lake, "before", [Part("Direct", 1.0, SOLD_MICROS, touch_id="")]),
        sale(lake, "now", [Part(NO_TRACKED_VISIT, 1.0, SOLD_MICROS, touch_id="")], **now),
    )
    return lake


@pytest.mark.parametrize(("model", "by"), each_and_slow([model.value for model in Model], ATTRIBUTION_DIMENSIONS))
def test_no_tracked_visit_is_its_own_row_under_every_model(lake: TestLake, model: str, by: str) -> None:
    found = reports.attribution_report(
        Caller.system(lake.organization_id), lake.site_id, Question(DAY, DAY, by), model=model
    )

    rows = {row.key: (row.conversions, row.revenue_micros, row.touches) for row in found.rows}
    assert rows.pop(NO_TRACKED_VISIT) == (2.0, 2 * SOLD_MICROS, 0)
    assert list(rows.values()) == [(1.0, SOLD_MICROS, 1)]
    assert (found.conversions, found.revenue_micros) == (3, 3 * SOLD_MICROS)


@pytest.mark.parametrize("by", ATTRIBUTION_DIMENSIONS)
def test_models_beside_each_other_agree_on_what_had_no_visit(lake: TestLake, by: str) -> None:
    found = reports.compare_models(
        Caller.system(lake.organization_id), lake.site_id, Question(DAY, DAY, by), models=list(Model)
    )

    (row,) = [row for row in found.rows if row.key == NO_TRACKED_VISIT]
    assert {of_model.revenue_micros for of_model in row.now} == {2 * SOLD_MICROS}
    assert row.spread_micros == 0


@pytest.mark.parametrize("by", ATTRIBUTION_DIMENSIONS)
def test_what_had_no_visit_is_explained_by_its_conversions(lake: TestLake, by: str) -> None:
    query = f"by={by}&value=No+tracked+visit&model=LINEAR&from={DAY}&to={DAY}"
    path = f"/v1/sites/{lake.site_id}/attribution/explain?{query}"
    status, body = answer(handler(request(path, lake.organization_id), None))

    assert status == 200
    assert {item["conversion_id"] for item in body["items"]} == {"before", "now"}
    assert {touch[by] for item in body["items"] for touch in item["touches"]} == {NO_TRACKED_VISIT}
    assert body["totals"] == {"conversions": 2, "weights": 2.0, "revenue_micros": 2 * SOLD_MICROS}


def test_no_conversion_without_a_visit_is_explained_as_direct(lake: TestLake) -> None:
    question = Question(DAY, DAY, "channel")
    found = reports.explain_value(
        Caller.system(lake.organization_id),
        lake.site_id,
        question,
        model="LINEAR",
        value="Direct",
        limit=20,
        cursor=None,
    )
    assert [item.conversion_id for item in found.items] == ["direct"]


def test_money_without_a_visit_is_converted_like_other_money(make_site: SiteMaker) -> None:
    lake = make_site()
    lake.write_rates(DAY, USD=2_000_000)
    lake.write_credits(sale(lake, "dollars", [Part("Direct", 1.0, 8_000_000, touch_id="")], currency="USD"))

    found = reports.attribution_report(
        Caller.system(lake.organization_id), lake.site_id, Question(DAY, DAY), model="LINEAR"
    )

    assert [(row.key, row.revenue_micros) for row in found.rows] == [(NO_TRACKED_VISIT, 4_000_000)]
