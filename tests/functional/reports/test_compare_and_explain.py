"""Models side by side, the ledger as it stood, and why a value earned what it did."""

from typing import Any

import pytest
from optiq.attribution import api as attribution
from optiq.attribution.contracts import Model, ModelVerdict, Verdict
from optiq.kernel.caller import Caller
from optiq.kernel.clock import from_rfc3339, system_clock
from optiq.kernel.errors import InvalidError
from optiq.kernel.ids import new_id
from optiq.reports import api as reports
from optiq.reports.contracts import Question

from functions.reports.routes import handler
from tests.functional.reports.conftest import SiteMaker
from tests.functional.reports.http import answer, request
from tests.functional.reports.lake import Part, TestLake

AT = "2026-01-10T12:00:00Z"
DAY = Question("2026-01-10", "2026-01-10")


def wide(lake: TestLake, conversion_id: str, parts: dict[str, list[Part]], **details: Any) -> list[dict[str, object]]:
    """The rows of one conversion under several models."""
    of_models = [lake.credit(conversion_id, AT, each, model=model, **details) for model, each in parts.items()]
    rows: list[dict[str, object]] = []
    for of_touch in zip(*of_models, strict=True):
        merged: dict[str, object] = {}
        for row in of_touch:
            merged |= row
        rows.append(merged)
    return rows


def two_touches(first: int, last: int, model: str = "LINEAR") -> dict[str, list[Part]]:
    total = first + last
    return {
        "FIRST_TOUCH": [Part("Email", 1, total), Part("Direct", 0, 0)],
        model: [Part("Email", first / total, first), Part("Direct", last / total, last)],
    }


def get(lake: TestLake, path: str) -> tuple[int, dict[str, Any]]:
    return answer(handler(request(f"/v1/sites/{lake.site_id}/attribution{path}", lake.organization_id), None))


def test_models_stand_side_by_side_with_the_spread_between_them(make_site: SiteMaker) -> None:
    lake = make_site()
    lake.write_credits(wide(lake, "c1", two_touches(5_000_000, 5_000_000)))

    status, body = get(lake, "/compare?models=FIRST_TOUCH,LINEAR&from=2026-01-10&to=2026-01-10")

    assert status == 200
    email, direct = body["rows"]
    assert (email["channel"], direct["channel"]) == ("Email", "Direct")
    assert email["now"] == {
        "FIRST_TOUCH": {"conversions": 1.0, "revenue_micros": 10_000_000, "touches": 1},
        "LINEAR": {"conversions": 0.5, "revenue_micros": 5_000_000, "touches": 1},
    }
    assert (email["then"], email["spread_micros"], email["spread_ratio"]) == (None, 5_000_000, pytest.approx(2 / 3))
    assert (direct["spread_micros"], direct["spread_ratio"]) == (5_000_000, 2.0)
    assert [(each["conversions"], each["revenue_micros"]) for each in body["now"]] == [(1, 10_000_000)] * 2


def test_the_ledger_is_read_as_it_stood(make_site: SiteMaker) -> None:
    # GIVEN a sale that was credited on the 11th, and on the 20th again for a refund and a touch that came late
    lake = make_site(timezone="Europe/Berlin")
    before, after = (from_rfc3339(at) for at in ("2026-01-11T08:00:00Z", "2026-01-20T08:00:00Z"))
    lake.write_credits(wide(lake, "c1", {"LINEAR": [Part("Email", 1.0, 10_000_000)]}, computed_ms=before))
    late = {"LINEAR": [Part("Display", 0.5, 3_000_000), Part("Email", 0.5, 3_000_000)]}
    lake.write_credits(wide(lake, "c1", late, revision=2, computed_ms=after))

    def earned(as_of: str) -> dict[str, int]:
        question = Question("2026-01-10", "2026-01-10", as_of=as_of)
        found = reports.attribution_report(Caller.system(lake.organization_id), lake.site_id, question, model="LINEAR")
        return {row.key: row.revenue_micros for row in found.rows}

    # THEN each day knows what was known by its end in Berlin, an instant what was known by then
    assert earned("2026-01-10") == {}
    assert earned("2026-01-11") == earned("2026-01-19") == {"Email": 10_000_000}
    assert earned("2026-01-20T07:59:59.999Z") == {"Email": 10_000_000}
    assert earned("2026-01-20T09:00:00+01:00") == earned("2026-01-20") == earned("")
    assert earned("") == {"Display": 3_000_000, "Email": 3_000_000}

    # AND both stand side by side
    _, body = get(lake, "/compare?models=LINEAR&from=2026-01-10&to=2026-01-10&as_of=2026-01-15")
    assert body["as_of"] == "2026-01-15T22:59:59.999Z"
    shown = {row["channel"]: (row["then"]["LINEAR"], row["now"]["LINEAR"]) for row in body["rows"]}
    assert [each["revenue_micros"] for each in shown["Email"]] == [10_000_000, 3_000_000]
    assert [each["revenue_micros"] for each in shown["Display"]] == [0, 3_000_000]
    assert [each["revenue_micros"] for each in (body["then"][0], body["now"][0])] == [10_000_000, 6_000_000]


def test_a_model_says_for_how_many_conversions_it_was_not_computed(make_site: SiteMaker) -> None:
    lake = make_site()
    lake.write_credits(
        wide(lake, "c1", two_touches(1, 1)),
        wide(lake, "c2", {"FIRST_TOUCH": [Part("Audio", 1, 7), Part("Audio", 0, 0)]}),
    )

    first, linear = reports.compare_models(
        Caller.system(lake.organization_id), lake.site_id, DAY, models=["FIRST_TOUCH", "LINEAR"]
    ).now

    assert (first.conversions, first.revenue_micros, first.not_computed) == (2, 9, 0)
    assert (linear.conversions, linear.revenue_micros, linear.not_computed) == (1, 2, 1)
    assert {row.key for row in linear.rows} == {"Email", "Direct"}


def test_the_spread_is_between_models_that_were_computed_for_every_conversion(make_site: SiteMaker) -> None:
    # GIVEN two models that share a sale out differently, a third that is not computed, and one for half of the sales
    lake = make_site()
    both = two_touches(5_000_000, 5_000_000) | {"LAST_TOUCH": [Part("Email", 0, 0), Part("Direct", 1, 10_000_000)]}
    lake.write_credits(wide(lake, "c1", both | {"CUSTOM": both["LINEAR"]}), wide(lake, "c2", both))

    def spreads(models: str) -> set[tuple[int | None, float | None]]:
        _, body = get(lake, f"/compare?models={models}&from=2026-01-10&to=2026-01-10")
        return {(row["spread_micros"], row["spread_ratio"]) for row in body["rows"]}

    # THEN what is missing does not look like a difference
    assert spreads("FIRST_TOUCH,LINEAR,LAST_TOUCH") == {(20_000_000, 2.0)}
    assert spreads("FIRST_TOUCH,LINEAR,LAST_TOUCH,W_SHAPED,CUSTOM") == {(20_000_000, 2.0)}

    # AND there is none where no two can be compared
    assert spreads("LINEAR,W_SHAPED,CUSTOM") == spreads("LINEAR") == {(None, None)}


def test_what_was_not_computed_misses_no_rate(make_site: SiteMaker) -> None:
    lake = make_site()
    lake.write_credits(wide(lake, "c1", {"FIRST_TOUCH": [Part("Audio", 1, 7)]}, currency="CHF"))

    first, linear = reports.compare_models(
        Caller.system(lake.organization_id), lake.site_id, DAY, models=["FIRST_TOUCH", "LINEAR"]
    ).now

    assert [(rate.conversions, rate.value_micros) for rate in first.missing_rates] == [(1, 7)]
    assert (linear.missing_rates, linear.not_computed, linear.rows) == ((), 1, ())


def test_only_conversions_of_a_name_count(make_site: SiteMaker) -> None:
    lake = make_site()
    lead, sale = (wide(lake, name, {"LINEAR": [Part(name, 1, 5)]}) for name in ("Lead", "Order Completed"))
    lake.write_credits([row | {"name": "Lead"} for row in lead], [row | {"name": "Order Completed"} for row in sale])

    question = Question("2026-01-10", "2026-01-10", conversion="Lead")
    found = reports.attribution_report(Caller.system(lake.organization_id), lake.site_id, question, model="LINEAR")

    assert [row.key for row in found.rows] == ["Lead"]


@pytest.mark.parametrize("path", ["?", "/explain?value=Email&by=channel&"])
def test_a_data_driven_model_tells_its_verdict(
    make_site: SiteMaker, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    lake = make_site()
    said = ModelVerdict(Model.MARKOV, Verdict.NOT_ENOUGH_DATA, "12 conversions, and 300 are needed")
    monkeypatch.setattr(attribution, "verdicts", lambda *_: {Model.MARKOV: said})

    _, body = get(lake, f"{path}model=MARKOV&from=2026-01-10&to=2026-01-10")

    assert body["verdict"] == {"verdict": "NOT_ENOUGH_DATA", "reason": "12 conversions, and 300 are needed"}


def test_a_campaign_is_explained_by_the_conversions_that_gave_it_credit(make_site: SiteMaker) -> None:
    # GIVEN sales that a campaign earned parts of, one in dollars, one it earned nothing of, and one without a rate
    lake = make_site()
    lake.write_rates("2026-01-10", USD=2_000_000)
    versions: dict[str, Any] = {"settings_version": 3, "fit_version": 2, "engine_version": 1, "window_days": 90}

    def sale(name: str, parts: list[Part], campaigns: list[str], currency: str = "EUR") -> list[dict[str, object]]:
        rows = wide(lake, name, {"LINEAR": parts}, currency=currency)
        return [row | versions | {"campaign": own} for row, own in zip(rows, campaigns, strict=True)]

    half = [Part("Email", 0.5, 4_000_000), Part("Direct", 0.5, 4_000_000)]
    lake.write_credits(
        sale("euros", half, ["spring", "(not set)"]),
        sale("dollars", half, ["spring", "spring"], "USD"),
        sale("nothing", [Part("Email", 0, 0), Part("Direct", 1, 5)], ["spring", "(not set)"]),
        sale("francs", half, ["(not set)", "spring"], "CHF"),
    )

    # WHEN it is asked why, two conversions a page
    path = "/explain?value=spring&model=LINEAR&from=2026-01-10&to=2026-01-10&limit=2"
    status, first = get(lake, path)
    _, second = get(lake, f"{path}&cursor={first['cursor']}")

    # THEN the conversions come with what each gave, most first, and sum to what the report says
    assert status == 200
    assert [item["conversion_id"] for item in first["items"] + second["items"]] == ["dollars", "euros", "francs"]
    dollars, euros = first["items"]
    assert [(touch["position"], touch["revenue_micros"]) for touch in dollars["touches"]] == [
        (0, 2_000_000),
        (1, 2_000_000),
    ]
    (touch,) = euros["touches"]
    assert (touch["channel"], touch["weight"], touch["credit_micros"]) == ("Email", 0.5, 4_000_000)
    assert {name: euros[name] for name in versions} == versions
    assert (euros["path_length"], euros["evidence"], euros["missing_day"]) == (2, "DETERMINISTIC", "")
    (francs,) = second["items"]
    assert (francs["missing_day"], francs["touches"][0]["revenue_micros"]) == ("2026-01-10", None)
    assert first["totals"] == second["totals"] == {"conversions": 3, "weights": 2.0, "revenue_micros": 8_000_000}
    assert (first["as_of"], second["cursor"]) == (second["as_of"], None)
    question = Question("2026-01-10", "2026-01-10", by="campaign")
    report = reports.attribution_report(Caller.system(lake.organization_id), lake.site_id, question, model="LINEAR")
    (row,) = [row for row in report.rows if row.key == "spring"]
    assert (row.conversions, row.revenue_micros) == (2.0, 8_000_000)


def test_pages_of_an_explanation_are_of_one_ledger(make_site: SiteMaker) -> None:
    # GIVEN a first page, and a larger sale that came after it
    lake = make_site()
    for name in ("c1", "c2"):
        lake.write_credits(wide(lake, name, {"LINEAR": [Part("Email", 1, 5)]}, computed_ms=1_000))
    question = Question("2026-01-10", "2026-01-10", "campaign")
    asked = (Caller.system(lake.organization_id), lake.site_id, question)
    first = reports.explain_value(*asked, value="spring", model="LINEAR", limit=1, cursor=None)
    lake.write_credits(wide(lake, "c3", {"LINEAR": [Part("Email", 1, 9)]}, computed_ms=first.as_of_ms + 1))

    # THEN the second page goes on where the first ended
    second = reports.explain_value(*asked, value="spring", model="LINEAR", limit=1, cursor=first.cursor)
    assert [item.conversion_id for page in (first, second) for item in page.items] == ["c1", "c2"]
    assert second.cursor is None


def test_what_earned_nothing_is_explained_by_nothing(make_site: SiteMaker) -> None:
    status, body = get(make_site(), "/explain?value=autumn&from=2026-01-10&to=2026-01-10")
    assert (status, body["items"], body["cursor"]) == (200, [], None)
    assert body["totals"] == {"conversions": 0, "weights": 0.0, "revenue_micros": 0}


@pytest.mark.parametrize(
    "path",
    [
        "/compare?models=LINEAR,MAGIC",
        "/compare?as_of=yesterday",
        "/compare?as_of=2026-02-30",
        "?as_of=2026-01-01T25:00:00Z",
        f"?conversion={'x' * 201}",
        "/explain",
        "/explain?value=x&by=weather",
        "/explain?value=x&limit=0",
        "/explain?value=x&cursor=1",
        "/explain?value=x&cursor=999999999999999:1",
    ],
)
def test_what_cannot_be_asked_is_a_bad_request(make_site: SiteMaker, path: str) -> None:
    status, problem = get(make_site(), path)
    assert (status, problem["title"]) == (400, "Bad request")


def test_another_organizations_site_has_no_comparison_and_no_explanation(
    make_site: SiteMaker, organization_id: str, site_id: str
) -> None:
    make_site()
    for path in ("compare", "explain?value=spring"):
        event = request(f"/v1/sites/{site_id}/attribution/{path}", new_id("org", system_clock()))
        assert answer(handler(event, None))[0] == 404


def test_a_value_is_never_sql(make_site: SiteMaker) -> None:
    lake = make_site()
    lake.write_credits(wide(lake, "c1", {"LINEAR": [Part("Email", 1, 5)]}))
    hostile = "spring' OR '1'='1"
    found = reports.explain_value(
        Caller.system(lake.organization_id), lake.site_id, DAY, model="LINEAR", value=hostile, limit=10, cursor=None
    )
    assert found.items == ()
    with pytest.raises(InvalidError):
        reports.compare_models(Caller.system(lake.organization_id), lake.site_id, DAY, models=["LINEAR') --"])
