"""Models against known answers that others published or that were worked out exactly."""

import csv
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from optiq.attribution.contracts import Model
from optiq.attribution.models import Paths, time_decay
from optiq.attribution.path_file import CountedPath, attribute

ANCHORS = Path(__file__).parents[4] / "shared" / "anchors"
MODELS = {
    "first_touch": Model.FIRST_TOUCH,
    "last_touch": Model.LAST_TOUCH,
    "linear": Model.LINEAR,
    "linear(per touch)": Model.LINEAR,
    "position_40_20_40": Model.POSITION_BASED,
}


def rows_of(name: str) -> list[dict[str, str]]:
    file = ANCHORS / name
    if not file.exists():
        pytest.skip(f"the anchor {name} is not here: it lies beside the repository, in ../shared/anchors")
    with file.open(newline="") as lines:
        return list(csv.DictReader(lines))


def test_heuristics_agree_with_marketing_attribution_models() -> None:
    # Given the nine journeys of that library's tests
    journeys = [
        CountedPath(tuple(row["path"].split(" > ")), float(row["converted"]), float(row["conversion_value"]), 0)
        for row in rows_of("A05_dp6_tests_9_journeys/input.csv")
    ]
    ours = {(row.model, row.channel): row.value for row in attribute(journeys)}

    # Then first, last, linear and position based give what it gives
    theirs = [row for row in rows_of("A05_dp6_tests_9_journeys/mam211_output.csv") if row["model"] in MODELS]
    assert len(theirs) == 12
    for row in theirs:
        assert ours[MODELS[row["model"]], row["channel"]] == pytest.approx(float(row["attributed_value"]), abs=1e-9)


def test_heuristics_agree_with_mtas_unit_tests() -> None:
    journeys = rows_of("A06_mta_unit_fixtures/input_journeys.csv")
    expected = [row for row in rows_of("A06_mta_unit_fixtures/expected.csv") if row["model"] in MODELS]
    assert len(expected) == 16
    for fixture in {row["fixture"] for row in expected}:
        paths = [
            CountedPath(tuple(row["path"].split(" > ")), float(row["total_conversions"]), 0, float(row["total_null"]))
            for row in journeys
            if row["fixture"] == fixture
        ]
        ours = {(row.model, row.channel): row.conversions for row in attribute(paths)}
        for row in expected:
            if row["fixture"] == fixture:
                exact = float(Fraction(row["value"]))
                assert ours[MODELS[row["model"]], row["channel"]] == pytest.approx(exact, abs=1e-9)


def test_time_decay_gives_the_exact_weights() -> None:
    for row in rows_of("A12_time_decay_halflife_7d/expected.csv"):
        days = [float(day) for day in row["days_before_conversion_oldest_first"].split("|")]
        exact = [float(Fraction(weight)) for weight in row["weights_fraction"].split("|")]
        paths = Paths(
            np.array([0, len(days)], dtype=np.int64), np.array(days) * 86_400, np.zeros(len(days), dtype=np.bool_)
        )
        assert time_decay(paths).tolist() == pytest.approx(exact, abs=1e-15), row["case"]
