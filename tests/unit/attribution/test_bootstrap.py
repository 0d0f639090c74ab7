"""Intervals and verdicts: wide and refused where data are few, narrow where they are many."""

import numpy as np
import pytest
from optiq.attribution import bootstrap
from optiq.attribution.bootstrap import DataPaths, estimate
from optiq.attribution.contracts import DATA_DRIVEN_MODELS, Model, Verdict
from optiq.kernel.errors import InvalidError


def paths_of(*paths: tuple[list[int], float, float], channels: int = 3) -> DataPaths:
    return DataPaths(
        offsets=np.cumsum([0, *(len(codes) for codes, _, _ in paths)], dtype=np.int64),
        codes=np.array([code for codes, _, _ in paths for code in codes], dtype=np.int64),
        conversions=np.array([conversions for _, conversions, _ in paths], dtype=np.float64),
        nulls=np.array([nulls for _, _, nulls in paths], dtype=np.float64),
        channels=channels,
    )


def shop(times: float) -> DataPaths:
    paths = [([0, 1], 30, 40), ([1], 20, 90), ([2, 0], 10, 30), ([0, 2, 1], 5, 10)]
    return paths_of(*((codes, times * conversions, times * nulls) for codes, conversions, nulls in paths))


@pytest.mark.parametrize("model", DATA_DRIVEN_MODELS)
def test_many_paths_are_enough_and_few_are_not(model: Model) -> None:
    few, many = estimate(model, shop(1)), estimate(model, shop(1_000))
    assert (few.verdict, few.reason) == (Verdict.NOT_ENOUGH_DATA, "65 conversions, and 300 are needed")
    assert (many.verdict, many.reason) == (Verdict.ENOUGH_DATA, "")

    # And the shares are the same, but known a good deal better
    assert few.shares.tolist() == pytest.approx(many.shares.tolist())
    assert few.low is not None
    assert few.high is not None
    assert many.low is not None
    assert many.high is not None
    for one in (few, many):
        assert (one.low <= one.shares).all()
        assert (one.shares <= one.high).all()
    assert ((many.high - many.low) < (few.high - few.low) / 10).all()


def test_an_interval_covers_as_often_as_it_says() -> None:
    # Given a channel that earns half of 400 conversions: the share's standard error is 1/40
    found = estimate(Model.SHAPLEY, paths_of(([0], 200, 0), ([1], 200, 0), channels=2), resamples=2_000)

    # Then its interval is 1.96 of them to each side
    assert found.low is not None
    assert found.high is not None
    assert found.low[0] == pytest.approx(0.5 - 1.96 / 40, abs=0.005)
    assert found.high[0] == pytest.approx(0.5 + 1.96 / 40, abs=0.005)


@pytest.mark.parametrize("model", DATA_DRIVEN_MODELS)
def test_intervals_of_many_paths_are_those_that_resampling_them_all_gives(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given each journey as a path of its own
    journeys = [([0, 1], 3, 4), ([1], 2, 9), ([2, 0], 1, 3), ([0, 2, 1], 1, 1)] * 500
    paths = paths_of(*journeys)
    whole = estimate(model, paths, resamples=500)

    # When only a sample of a sixth of them is resampled
    monkeypatch.setattr(bootstrap, "PILOT_PATHS", 2_000)
    sampled = estimate(model, paths_of(*journeys, ([2], 0, 0)), resamples=500)

    # Then shares are the same, and intervals nearly as wide
    assert whole.low is not None
    assert whole.high is not None
    assert sampled.low is not None
    assert sampled.high is not None
    assert sampled.shares.tolist() == whole.shares.tolist()
    assert (sampled.high - sampled.low).tolist() == pytest.approx((whole.high - whole.low).tolist(), rel=0.2)
    assert (sampled.low < sampled.shares).all()
    assert (sampled.shares < sampled.high).all()


@pytest.mark.parametrize("model", DATA_DRIVEN_MODELS)
def test_a_sample_of_many_paths_has_conversions_however_rare(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given 400 conversions among two million paths, of which a sample of a hundred would have none
    monkeypatch.setattr(bootstrap, "PILOT_PATHS", 100)
    found = estimate(model, paths_of(*[([0], 1, 4_999), ([1], 1, 4_999)] * 200))

    # Then the intervals are as wide as 400 conversions make them
    assert found.low is not None
    assert found.high is not None
    assert found.shares[0] == pytest.approx(0.5)
    assert found.high[0] - found.low[0] == pytest.approx(2 * 1.96 / 40, rel=0.25)


def test_non_conversions_are_nothing_to_the_intervals_of_shapley() -> None:
    journeys = [([0, 1], 300), ([1], 200), ([2], 100)]
    none, many = (estimate(Model.SHAPLEY, paths_of(*((*j, nulls) for j in journeys))) for nulls in (0, 10**6))
    assert none.low is not None
    assert many.low is not None
    assert none.low.tolist() == many.low.tolist()


def test_the_same_paths_give_the_same_intervals() -> None:
    one, other = estimate(Model.MARKOV, shop(1)), estimate(Model.MARKOV, shop(1))
    assert one.low is not None
    assert other.low is not None
    assert one.low.tobytes() == other.low.tobytes()


def test_markov_needs_paths_that_did_not_convert() -> None:
    paths = paths_of(([0, 1], 4_000, 10), ([1], 5_000, 10))
    assert estimate(Model.MARKOV, paths).reason == "20 paths that did not convert, and 300 are needed"
    assert estimate(Model.SHAPLEY, paths).verdict is Verdict.ENOUGH_DATA


def test_a_wide_interval_is_not_enough_however_many_conversions() -> None:
    # Given as many conversions as are needed, which two channels share by the toss of a coin
    found = estimate(Model.SHAPLEY, paths_of(([0], 150, 0), ([1], 150, 0)))
    assert found.verdict is Verdict.NOT_ENOUGH_DATA
    assert "points only, and 10 are asked for" in found.reason


def test_a_chain_too_large_for_intervals_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "MAX_STATES", 3)
    found = estimate(Model.MARKOV, shop(1_000))
    assert found.low is None
    assert found.reason == "a chain of 4 states is too large for intervals; take a lower order"
    assert found.shares.sum() == pytest.approx(1)


@pytest.mark.parametrize("model", DATA_DRIVEN_MODELS)
@pytest.mark.parametrize("paths", [paths_of(), paths_of(([0], 0, 9)), paths_of(([], 9, 9)), paths_of(([0], 0, 0))])
def test_nothing_to_learn_from_is_said(model: Model, paths: DataPaths) -> None:
    found = estimate(model, paths)
    assert not found.shares.any()
    assert (found.low, found.high) == (None, None)
    assert found.reason == "0 conversions, and 300 are needed"


def test_intervals_may_be_left_out() -> None:
    assert estimate(Model.SHAPLEY, shop(1_000), resamples=0).low is None


def test_another_order_is_refused() -> None:
    with pytest.raises(InvalidError, match="order"):
        estimate(Model.MARKOV, shop(1), order=4)
