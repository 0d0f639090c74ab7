"""What the command line shows of reports and comparisons."""

from dataclasses import replace

import pytest
from optiq.attribution.contracts import Model, ModelVerdict, Verdict
from optiq.reports.contracts import AttributionReport, AttributionRow, ComparedRow, Comparison, SpendReport
from optiq_cli import printing_reports

from functions.reports.schemas import AttributionReportOut, ComparisonOut, SpendReportOut


def print_report(found: AttributionReport) -> None:
    printing_reports.print_report(AttributionReportOut.of(found).model_dump(mode="json"))


def print_comparison(found: Comparison) -> None:
    printing_reports.print_comparison(ComparisonOut.of(found).model_dump(mode="json"))


def print_models(found: Comparison, spent: SpendReport) -> None:
    compared = ComparisonOut.of(found).model_dump(mode="json")
    printing_reports.print_models(compared, SpendReportOut.of(spent).model_dump(mode="json"))


SAID = ModelVerdict(Model.MARKOV, Verdict.NOT_ENOUGH_DATA, "12 conversions, and 300 are needed")


def report(model: str, revenue_micros: int, verdict: ModelVerdict | None = None) -> AttributionReport:
    return AttributionReport(
        model=model,
        by="channel",
        currency="EUR",
        timezone="UTC",
        from_day="2026-01-01",
        to_day="2026-01-31",
        conversion="",
        as_of_ms=None,
        rows=(AttributionRow("Email", 1.0, revenue_micros, 1),),
        conversions=1,
        revenue_micros=revenue_micros,
        not_computed=2 if verdict else 0,
        missing_rates=(),
        verdict=verdict,
    )


def comparison(*, as_of_ms: int | None) -> Comparison:
    now = (report("LINEAR", 5_000_000), report("MARKOV", 7_000_000, SAID))
    then = (report("LINEAR", 5_000_000), report("MARKOV", 1_250_000)) if as_of_ms is not None else ()
    rows = (ComparedRow("Email", *(tuple(each.rows[0] for each in of) for of in (now, then)), 2_000_000, 1 / 3),)
    return Comparison("channel", "EUR", "UTC", "2026-01-01", "2026-01-31", "", as_of_ms, rows, now, then)


def test_models_stand_side_by_side_with_their_spread(capsys: pytest.CaptureFixture[str]) -> None:
    print_comparison(comparison(as_of_ms=None))

    shown = capsys.readouterr().out
    (line,) = [line for line in shown.splitlines() if line.strip().startswith("Email")]
    assert line.split() == ["Email", "5.00", "7.00", "33%"]
    assert "markov: not enough data: 12 conversions, and 300 are needed." in shown
    assert "markov was not computed for 2 conversions." in shown


def test_every_number_stands_there_whole(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    # GIVEN more models than fit beside each other, millions, and a name longer than the screen is wide
    monkeypatch.setenv("COLUMNS", "80")
    now = tuple(report(model, 1_234_567_890_000) for model in Model)
    name = "summer" * 15
    rows = (ComparedRow(name, tuple(AttributionRow(name, 1.0, each.revenue_micros, 1) for each in now), (), 0, 0.0),)

    # WHEN they are compared, and set against what was spent
    found = Comparison("channel", "EUR", "UTC", "2026-01-01", "2026-01-31", "", None, rows, now, ())
    spent = SpendReport("channel", "EUR", "2026-01-01", "2026-01-31", (), 0, 0, 0, ())
    print_comparison(found)
    compared = capsys.readouterr().out
    print_models(found, spent)
    beside_spend = capsys.readouterr().out

    print_report(replace(now[0], rows=tuple(replace(row, key=name) for row in now[0].rows)))
    reported = capsys.readouterr().out

    # THEN each is shown, with its total
    assert (reported.count("1,234,567.89"), "…" in reported) == (2, False)
    for shown in (compared, beside_spend):
        assert shown.count("1,234,567.89") == 2 * len(Model)
        assert "…" not in shown


def test_what_changed_since_shows_then_and_now(capsys: pytest.CaptureFixture[str]) -> None:
    print_comparison(comparison(as_of_ms=0))

    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.strip().startswith("Email")]
    assert line.split() == ["Email", "5.00", "1.25", "→", "7.00", "33%"]


def test_what_a_model_was_not_computed_for_is_a_dash_and_not_a_zero(capsys: pytest.CaptureFixture[str]) -> None:
    # GIVEN a model that was computed for nothing when the ledger stood as asked for, and has been since
    found = comparison(as_of_ms=0)
    none = replace(found.then[1], conversions=0, revenue_micros=0, not_computed=3)
    print_comparison(replace(found, then=(found.then[0], none)))

    shown = capsys.readouterr().out
    (line,) = [line for line in shown.splitlines() if line.strip().startswith("Email")]
    assert line.split() == ["Email", "5.00", "–", "→", "7.00", "33%"]
    assert "markov was not computed for 3 conversions then." in shown


def test_a_report_says_why_a_model_credits_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    print_report(report("MARKOV", 0, SAID))
    assert "not enough data: 12 conversions" in capsys.readouterr().out
