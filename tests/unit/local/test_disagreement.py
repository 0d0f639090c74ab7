"""The sentences on where models disagree name the channels and amounts of the comparison at hand."""

from optiq.attribution.contracts import Model
from optiq.reports.contracts import AttributionReport, AttributionRow, ComparedRow, Comparison
from optiq_cli.client import Document

from functions.reports.schemas import ComparisonOut
from infra.local.disagreement import disagreement


def comparison(*earned: tuple[str, dict[Model, int]], not_computed: tuple[Model, ...] = ()) -> Document:
    """Whole units of EUR by row and model; every row has the same models."""
    models = list(earned[0][1]) if earned else [Model.FIRST_TOUCH, Model.LAST_TOUCH]
    rows = tuple(
        ComparedRow(key, tuple(AttributionRow(key, 1.0, of[model] * 1_000_000, 1) for model in models), (), 0, 0.0)
        for key, of in earned
    )
    around = ("2026-01-01", "2026-01-31", "", None)
    now = tuple(
        AttributionReport(model, "channel", "EUR", "UTC", *around, (), 1, 1, int(model in not_computed), (), None)
        for model in models
    )
    found = Comparison("channel", "EUR", "UTC", *around, rows, now, ())
    return ComparisonOut.of(found).model_dump(mode="json")


def of(first: int, last: int, markov: int = 0) -> dict[Model, int]:
    return {Model.FIRST_TOUCH: first, Model.LAST_TOUCH: last, Model.LINEAR: 1, Model.MARKOV: markov}


def test_disagreement_names_the_channels_that_close_and_open_most() -> None:
    said = disagreement(
        comparison(("SMS", of(5, 6)), ("Ads", of(1, 1200, 300)), ("Mail", of(900, 2, 800)), ("Web", of(302, 0)))
    )

    assert said.splitlines() == [
        "Ads closes sales that others open: 1,200.00 by last touch, 1.00 by first touch.",
        "Mail opens sales that others close: 2.00 by last touch, 900.00 by first touch.",
        "Models of the whole journey give Ads and Mail: markov 300.00 and 800.00.",
    ]


def test_disagreement_leaves_out_models_that_are_not_computed() -> None:
    found = comparison(("Ads", of(1, 9, 7)), ("Mail", of(9, 1, 7)), not_computed=(Model.MARKOV,))

    assert len(disagreement(found).splitlines()) == 2
    assert "markov" not in disagreement(found)


def test_disagreement_is_empty_without_any() -> None:
    assert disagreement(comparison()) == ""
    assert disagreement(comparison(("Ads", of(5, 5)), ("Mail", of(3, 3)))) == ""
