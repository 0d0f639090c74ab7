"""Models against known answers that others published or that were worked out exactly."""

import csv
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from optiq.attribution import shapley
from optiq.attribution.api import attribute_paths
from optiq.attribution.arrays import Paths, begins_run
from optiq.attribution.contracts import CountedPath, CustomWeights, Model, ModelParameters
from optiq.attribution.files.counted_paths import collected
from optiq.attribution.markov import TransitionCounts, removal_effects
from optiq.attribution.models import position_weights, weigh
from optiq.attribution.shapley import ChannelSetCounts

ANCHORS = Path(__file__).parents[4] / "shared" / "anchors"
FRACTRIBUTION = "A07_snowplow_fractribution_apache2"
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
        CountedPath(tuple(row["path"].split(" > ")), float(row["converted"]), float(row["conversion_value"]))
        for row in rows_of("A05_dp6_tests_9_journeys/input.csv")
    ]
    ours = {(row.model, row.channel): row.value for row in attribute_paths(journeys).credits}

    # Then first, last, linear and position based give what it gives
    theirs = [row for row in rows_of("A05_dp6_tests_9_journeys/mam211_output.csv") if row["model"] in MODELS]
    assert len(theirs) == 12
    for row in theirs:
        assert ours[MODELS[row["model"]], row["channel"]] == pytest.approx(float(row["attributed_value"]), abs=1e-9)


def nine_journeys(direct: str = "") -> list[CountedPath]:
    """Those of that library's tests, a day between two touches; one channel may be Direct."""
    return [
        CountedPath(
            tuple("Direct" if channel == direct else channel for channel in channels),
            float(row["converted"]),
            float(row["conversion_value"]),
            nulls=0,
            age_days=tuple(range(len(channels)))[::-1],
        )
        for row in rows_of("A05_dp6_tests_9_journeys/input.csv")
        for channels in [row["path"].split(" > ")]
    ]


@pytest.mark.parametrize(
    ("column", "model", "parameters"),
    [
        ("last_click_non_A_heuristic", Model.LAST_NON_DIRECT, ModelParameters()),
        ("time_decay0.5_freq24_heuristic", Model.TIME_DECAY, ModelParameters(half_life_days=1)),
        ("markov_algorithmic", Model.MARKOV, ModelParameters()),
    ],
)
def test_models_agree_with_an_older_marketing_attribution_models(
    column: str, model: Model, parameters: ModelParameters
) -> None:
    direct = "A" if model is Model.LAST_NON_DIRECT else ""
    found = attribute_paths(nine_journeys(direct), [model], parameters, resamples=0)
    ours = {"A" if row.channel == "Direct" else row.channel: row.value for row in found.credits}

    theirs = {
        row["channels"]: float(row[f"attribution_{column}"])
        for row in rows_of("A05_dp6_tests_9_journeys/mam1010_output.csv")
    }
    assert ours == pytest.approx(theirs, abs=1e-9)


def mam(model: str) -> dict[str, float]:
    return {
        row["channel"]: float(row["attributed_value"])
        for row in rows_of("A05_dp6_tests_9_journeys/mam211_output.csv")
        if row["model"] == model
    }


def test_time_decay_agrees_with_marketing_attribution_models() -> None:
    found = attribute_paths(nine_journeys(), [Model.TIME_DECAY])
    theirs = mam("time_decay_hl168h_touch_gap24h")
    assert {row.channel: row.value for row in found.credits} == pytest.approx(theirs, abs=1e-9)


def test_markov_agrees_with_marketing_attribution_models_on_channels_and_on_touches() -> None:
    paths = collected(nine_journeys())
    counts = TransitionCounts.of(paths.offsets, paths.codes, paths.conversions, np.zeros(9), len(paths.channels))
    found = removal_effects(counts)
    effects = dict(zip(paths.channels, found.effects, strict=True))
    assert effects == pytest.approx(mam("markov_removal_effect"), abs=1e-9)

    # And what a touch earns by its channel's share, path by path
    weights = weigh(Model.MARKOV, paths.arrays(), shares={Model.MARKOV: found.shares})
    values = np.bincount(paths.codes, weights * np.repeat(paths.values, np.diff(paths.offsets)))
    touches = dict(zip(paths.channels, values, strict=True))
    assert touches == pytest.approx(mam("markov_per_journey_weighted"), abs=1e-9)


def test_heuristics_agree_with_fractribution() -> None:
    # Given its paths, in which a channel repeated in a row counts once
    paths = [
        CountedPath(tuple(row["transformed_path"].split(" > ")), float(row["conversions"]), float(row["revenue"] or 0))
        for row in rows_of(f"{FRACTRIBUTION}/snowplow_fractribution_path_summary_expected.csv")
    ]
    ours = {(row.model, row.channel): (row.conversions, row.value) for row in attribute_paths(paths).credits}

    # Then first, last, linear and position based give what it gives
    names = MODELS | {"position_based": Model.POSITION_BASED}
    theirs = [
        row for row in rows_of(f"{FRACTRIBUTION}/all_models_from_google_fractribution_py.csv") if row["model"] in names
    ]
    assert len(theirs) == 24
    for row in theirs:
        expected = (float(row["conversions"]), float(row["revenue"]))
        assert ours[names[row["model"]], row["channel"]] == pytest.approx(expected, abs=1e-9)


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
        ours = {(row.model, row.channel): row.conversions for row in attribute_paths(paths).credits}
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
        assert weigh(Model.TIME_DECAY, paths).tolist() == pytest.approx(exact, abs=1e-15), row["case"]


def counted(name: str, fixture: str | None = None) -> tuple[list[str], TransitionCounts, ChannelSetCounts]:
    """The channels of an anchor's paths, and its counts."""
    rows = [row for row in rows_of(name) if fixture is None or row["fixture"] == fixture]
    paths = [row["path"].split(" > ") for row in rows]
    channels = list(dict.fromkeys(channel for path in paths for channel in path))
    offsets = np.cumsum([0, *map(len, paths)], dtype=np.int64)
    codes = np.array([channels.index(channel) for path in paths for channel in path])
    conversions = np.array([float(row["total_conversions"]) for row in rows])
    nulls = np.array([float(row["total_null"]) for row in rows])
    transitions = TransitionCounts.of(offsets, codes, conversions, nulls, len(channels))
    return channels, transitions, ChannelSetCounts.of(offsets, codes, conversions, len(channels))


def test_markov_agrees_with_the_articles() -> None:
    for name, earned in (
        ("A02_analyzecore_markov", "share"),
        ("A03_google_ads_mailing_markov", "attributed_conversions"),
    ):
        channels, transitions, sets = counted(f"{name}/input.csv")
        found = removal_effects(transitions)
        conversions = 1 if earned == "share" else shapley.subset_sum(sets).sum()
        for row in rows_of(f"{name}/expected.csv"):
            code = channels.index(row["channel"])
            assert found.probability == pytest.approx(float(row["p_conversion_full_model"]), abs=1e-9)
            assert found.effects[code] == pytest.approx(float(row["removal_effect"]), abs=1e-9)
            assert found.shares[code] * conversions == pytest.approx(float(row[earned]), abs=1e-9)


def test_markov_agrees_with_mtas_transitions_and_their_exact_solution() -> None:
    channels, transitions, _ = counted("A06_mta_unit_fixtures/input_journeys.csv", "markov")
    states = {"(start)": 0, **{channel: code + 1 for code, channel in enumerate(channels)}}
    steps = {**{channel: code for code, channel in enumerate(channels)}, "(conversion)": len(channels)}
    amounts = dict(zip(transitions.cells.tolist(), transitions.amounts.tolist(), strict=True))
    width = len(channels) + 2
    expected = [row for row in rows_of("A06_mta_unit_fixtures/expected.csv") if row["model"].startswith("transition ")]
    assert len(expected) == 5
    for row in expected:
        state, step = row["model"].removeprefix("transition ").split("->")
        own = states[state] * width
        total = sum(amounts.get(cell, 0) for cell in range(own, own + width))
        assert amounts[own + steps[step]] / total == pytest.approx(float(Fraction(row["value"])), abs=1e-9)

    found = removal_effects(transitions)
    for row in rows_of("A06_mta_unit_fixtures/expected_markov_exact.csv"):
        code = channels.index(row["channel"])
        assert found.effects[code] == pytest.approx(float(Fraction(row["removal_effect"])), abs=1e-9)
        assert found.shares[code] * 4 == pytest.approx(float(row["attributed"]), abs=1e-9)


def test_shapley_agrees_with_mtas_unit_tests() -> None:
    expected = [row for row in rows_of("A06_mta_unit_fixtures/expected.csv") if row["model"] == "shapley_unique_set"]
    assert len(expected) == 6
    for row in expected:
        channels, _, sets = counted("A06_mta_unit_fixtures/input_journeys.csv", row["fixture"])
        earned = shapley.subset_sum(sets)[channels.index(row["channel"])]
        assert earned == pytest.approx(float(Fraction(row["value"])), abs=1e-9)


def test_custom_weights_agree_with_mtas_unit_tests() -> None:
    expected = [row for row in rows_of("A06_mta_unit_fixtures/expected.csv") if row["model"] == "position_30_0_70"]
    weights = position_weights(Model.CUSTOM, 2, ModelParameters(custom=CustomWeights(0.3, 0, 0.7)))
    assert (weights * 10).tolist() == pytest.approx([float(row["value"]) for row in expected], abs=1e-9)


def test_shapley_agrees_with_marketing_attribution_models() -> None:
    game = {
        frozenset(row["coalition"].split(" > ")): float(row["value"])
        for row in rows_of("A04_dp6_shapley_19usd/input_coalition_values.csv")
    }
    exact = {
        row["channel"]: float(Fraction(row["exact_fraction"])) for row in rows_of("A04_dp6_shapley_19usd/expected.csv")
    }
    assert shapley.of_game(game) == pytest.approx(exact, abs=1e-9)


def test_shapley_agrees_with_zhao() -> None:
    # Given each journey of their sample, which converted once
    journeys = [row["journey"].split(" > ") for row in rows_of("A11_zhao2018_shapley_sample_MIT/input.csv")]
    offsets = np.cumsum([0, *map(len, journeys)], dtype=np.int64)
    codes = np.array([int(channel) - 1 for journey in journeys for channel in journey])
    conversions, channels = np.ones(len(journeys)), int(codes.max()) + 1

    # Then both of their methods give what they give
    simplified = shapley.subset_sum(ChannelSetCounts.of(offsets, codes, conversions, channels))
    for row in rows_of("A11_zhao2018_shapley_sample_MIT/expected_simplified.csv"):
        exact = float(Fraction(row["exact_fraction"]))
        assert simplified[int(row["channel"]) - 1] == pytest.approx(exact, abs=1e-9)
    placed = shapley.ordered(offsets, codes, conversions, channels)
    expected = rows_of("A11_zhao2018_shapley_sample_MIT/expected_ordered.csv")
    for row in expected:
        value = placed[int(row["touchpoint_index"]) - 1, int(row["channel"]) - 1]
        assert value == pytest.approx(float(row["value"]), abs=1e-9)
    assert np.count_nonzero(placed) == len(expected)


def test_runs_of_a_channel_end_where_fractribution_says() -> None:
    [row] = [row for row in rows_of("A10_path_transforms_apache2/expected.csv") if row["transform"] == "exposure"]
    steps = row["input"].split(" > ")
    begins = begins_run(np.array([0, len(steps)]), np.array([ord(step) for step in steps]))
    assert [step for step, begin in zip(steps, begins.tolist(), strict=True) if begin] == row["expected"].split(" > ")
