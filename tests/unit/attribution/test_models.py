"""The path models: known answers, and what must hold for any path."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from optiq.attribution.arrays import Paths, Weights
from optiq.attribution.contracts import DATA_DRIVEN_MODELS, PATH_MODELS, CustomWeights, Model, ModelParameters
from optiq.attribution.models import credit
from optiq.attribution.models import weigh as weigh_paths
from optiq.attribution.splitting import split_micros
from optiq.kernel.errors import InvalidError

DAY = 86_400.0
PARAMETERS = ModelParameters(custom=CustomWeights(0.5, 0, 0.3, half_life_days=3))

Touch = tuple[float, bool]
path_of_touches = st.lists(st.tuples(st.floats(0, 4_000 * DAY), st.booleans()), max_size=40).map(
    lambda touches: sorted(touches, key=lambda touch: -touch[0])
)
value = st.one_of(st.integers(-(10**15), 10**15), st.integers(-50, 50))


def paths_of(*paths: list[Touch]) -> Paths:
    touches = [touch for path in paths for touch in path]
    return Paths(
        offsets=np.cumsum([0, *map(len, paths)], dtype=np.int64),
        age_seconds=np.array([age for age, _ in touches], dtype=np.float64),
        is_direct=np.array([direct for _, direct in touches], dtype=np.bool_),
    )


def weigh(model: Model, *ages_days: float, direct: tuple[int, ...] = ()) -> list[float]:
    touches = [(age * DAY, place in direct) for place, age in enumerate(ages_days)]
    weights: list[float] = weigh_paths(model, paths_of(touches)).tolist()
    return weights


def test_first_and_last_touch_take_everything() -> None:
    assert weigh(Model.FIRST_TOUCH, 3, 2, 1) == [1, 0, 0]
    assert weigh(Model.LAST_TOUCH, 3, 2, 1) == [0, 0, 1]


@pytest.mark.parametrize(
    ("direct", "weights"), [((2,), [0, 1, 0]), ((1, 2), [1, 0, 0]), ((), [0, 0, 1]), ((0, 1, 2), [0, 0, 1])]
)
def test_last_non_direct_passes_over_direct_unless_all_are(direct: tuple[int, ...], weights: list[float]) -> None:
    assert weigh(Model.LAST_NON_DIRECT, 3, 2, 1, direct=direct) == weights


def test_last_non_direct_never_takes_a_touch_of_the_path_before() -> None:
    paths = paths_of([(1.0, False)], [(1.0, True)], [], [(2.0, False), (1.0, True)])
    assert weigh_paths(Model.LAST_NON_DIRECT, paths).tolist() == [1, 1, 1, 0]


def test_linear_credit_is_equal() -> None:
    assert weigh(Model.LINEAR, 9, 2, 1, 0) == [0.25, 0.25, 0.25, 0.25]


@pytest.mark.parametrize(
    ("touches", "weights"),
    [(1, [1]), (2, [0.5, 0.5]), (3, [0.4, 0.2, 0.4]), (6, [0.4, 0.05, 0.05, 0.05, 0.05, 0.4])],
)
def test_position_based_favours_the_ends(touches: int, weights: list[float]) -> None:
    assert weigh(Model.POSITION_BASED, *range(touches, 0, -1)) == pytest.approx(weights)


def test_time_decay_halves_each_week() -> None:
    assert weigh(Model.TIME_DECAY, 14, 7, 0) == pytest.approx([1 / 7, 2 / 7, 4 / 7], abs=1e-15)


def test_time_decay_survives_ages_of_years() -> None:
    # Given two touches so long ago that 2^(-age / half-life) is 0 for both
    weights = weigh(Model.TIME_DECAY, 20_007, 20_000)

    # Then they share as they would had they been recent
    assert weights == pytest.approx([1 / 3, 2 / 3])


def test_time_decay_takes_another_half_life() -> None:
    paths = paths_of([(2 * DAY, False), (DAY, False)])
    assert weigh_paths(Model.TIME_DECAY, paths, ModelParameters(half_life_days=1)).tolist() == pytest.approx(
        [1 / 3, 2 / 3]
    )


@pytest.mark.parametrize("model", PATH_MODELS)
def test_paths_without_touches_are_no_trouble(model: Model) -> None:
    assert weigh_paths(model, paths_of(), PARAMETERS).tolist() == []
    assert weigh_paths(model, paths_of([], []), PARAMETERS).tolist() == []
    assert weigh_paths(model, paths_of([], [(5.0, False)], []), PARAMETERS).tolist() == [1.0]


@pytest.mark.parametrize(
    ("touches", "weights"),
    [
        (1, [1]),
        (2, [1 / 2] * 2),
        (3, [1 / 3] * 3),
        (4, [0.3, 0.1, 0.3, 0.3]),
        (7, [0.3, 0.025, 0.025, 0.3, 0.025, 0.025, 0.3]),
    ],
)
def test_w_shaped_favours_the_ends_and_the_middle(touches: int, weights: list[float]) -> None:
    assert weigh(Model.W_SHAPED, *range(touches, 0, -1)) == pytest.approx(weights)


@pytest.mark.parametrize(
    ("touches", "milestone", "weights"),
    [
        (5, 1, [0.3, 0.3, 0.05, 0.05, 0.3]),
        (5, -1, [0.3, 0.05, 0.3, 0.05, 0.3]),
        (4, 0, [0.6, 0.05, 0.05, 0.3]),
        (4, 3, [0.3, 0.05, 0.05, 0.6]),
        (3, 1, [1 / 3] * 3),
        (3, 2, [0.3, 0.1, 0.6]),
        (2, 1, [1 / 2] * 2),
        (1, 0, [1]),
    ],
)
def test_w_shaped_favours_the_milestone(touches: int, milestone: int, weights: list[float]) -> None:
    # Given the path between two others, one of them without a touch
    one = [(float(age), False) for age in range(touches, 0, -1)]
    paths = replace(paths_of([], one, one), milestones=np.array([-1, milestone, -1]))
    found = weigh_paths(Model.W_SHAPED, paths).tolist()
    assert found[:touches] == pytest.approx(weights)
    assert found[touches:] == weigh(Model.W_SHAPED, *range(touches, 0, -1))


@pytest.mark.parametrize(
    ("custom", "ages_days", "weights"),
    [
        (CustomWeights(5, 2, 3), (9,), [1]),
        (CustomWeights(5, 2, 3), (9, 8), [5 / 8, 3 / 8]),
        (CustomWeights(5, 2, 3), (9, 8, 7, 6), [0.5, 0.1, 0.1, 0.3]),
        (CustomWeights(0, 1, 0), (9, 8), [0.5, 0.5]),
        (CustomWeights(0, 1, 0), (9, 8, 7), [0, 1, 0]),
        (CustomWeights(1, 1, 1, half_life_days=1), (2, 1, 0), [1 / 7, 2 / 7, 4 / 7]),
        (CustomWeights(1, 2, 0, half_life_days=1), (9_003, 9_002, 9_001, 0), [1 / 7, 2 / 7, 4 / 7, 0]),
    ],
)
def test_custom_gives_what_the_organization_says(
    custom: CustomWeights, ages_days: tuple[float, ...], weights: list[float]
) -> None:
    paths = paths_of([(age * DAY, False) for age in ages_days])
    found = weigh_paths(Model.CUSTOM, paths, ModelParameters(custom=custom)).tolist()
    assert found == pytest.approx(weights, abs=1e-15)


@pytest.mark.parametrize(
    "weights", [(0, 0, 0), (-1, 1, 1), (math.nan, 1, 1), (math.inf, 1, 1), (1, 1, 1, 0), (1, 1, 1, -1)]
)
def test_custom_weights_must_make_sense(weights: tuple[float, ...]) -> None:
    with pytest.raises(InvalidError):
        CustomWeights(*weights)


@pytest.mark.parametrize("days", [0, -1, math.nan, math.inf])
def test_a_half_life_must_make_sense(days: float) -> None:
    with pytest.raises(InvalidError):
        ModelParameters(half_life_days=days)


def test_custom_without_weights_is_refused() -> None:
    with pytest.raises(InvalidError, match="needs weights"):
        weigh(Model.CUSTOM, 1)


@pytest.mark.parametrize("model", DATA_DRIVEN_MODELS)
def test_a_data_driven_touch_earns_in_proportion_to_its_channel(model: Model) -> None:
    # Given channels that earn 60, 30, 10 and 0 %, and paths of them: with a repeat, with one that the shares do not
    # know, without a touch, and with none that earns anything
    shares = {model: np.array([0.6, 0.3, 0.1, 0.0])}
    codes = [[0, 1, 0], [1, -1, 3], [], [3, -1]]
    paths = replace(
        paths_of(*([(0.0, False)] * len(path) for path in codes)),
        channels=np.array([code for path in codes for code in path], dtype=np.int64),
    )

    # Then its touches earn by that, and equally where nothing tells them apart
    weights = weigh_paths(model, paths, shares=shares)
    assert weights.tolist() == pytest.approx([0.4, 0.2, 0.4, 1, 0, 0, 0.5, 0.5])
    credits_micros = credit([model], paths, np.array([100, -7, 5, 3]), shares=shares)[model][1]
    assert credits_micros.tolist() == [40, 20, 40, -7, 0, 0, 2, 1]


@pytest.mark.parametrize("model", DATA_DRIVEN_MODELS)
def test_a_data_driven_model_without_shares_is_refused(model: Model) -> None:
    with pytest.raises(InvalidError, match="needs the shares"):
        weigh(model, 1)


@pytest.mark.parametrize(
    ("paths", "complaint"),
    [
        (paths_of([(1.0, False)], [(1.0, False), (2.0, False)]), "path 1: the touches are not oldest first"),
        (paths_of([], [(math.nan, False)]), "path 1: an age"),
        (paths_of([(-1.0, False)]), "path 0: an age"),
        (paths_of([(math.inf, False)]), "path 0: an age"),
        (replace(paths_of([(1.0, False)]), offsets=np.array([0, 2])), "offsets"),
        (replace(paths_of([(1.0, False)]), offsets=np.array([0, 2, 1])), "offsets"),
        (replace(paths_of([(1.0, False)]), offsets=np.array([], dtype=np.int64)), "offsets"),
        (replace(paths_of([(1.0, False)]), is_direct=np.array([], dtype=np.bool_)), "every touch"),
        (replace(paths_of([], [(1.0, False)]), milestones=np.array([-1, 1])), "path 1: its milestone"),
    ],
)
def test_paths_that_are_none_are_refused(paths: Paths, complaint: str) -> None:
    with pytest.raises(InvalidError, match=complaint):
        paths.checked()


def test_a_path_of_a_million_touches_is_credited_to_the_micro() -> None:
    # Given all touches of a site on the path of one customer
    count, value_micros = 1_000_000, 49_900_000_001
    touches = paths_of([(0.0, False)])
    paths = replace(
        touches,
        offsets=np.array([0, count]),
        age_seconds=np.arange(count, 0, -1.0),
        is_direct=np.arange(count) % 3 > 0,
        channels=np.arange(count) % 96,
    )
    shares = dict.fromkeys(DATA_DRIVEN_MODELS, np.arange(96) / np.arange(96).sum())

    # Then every model splits its value whole
    for weights, credits_micros in credit(list(Model), paths, np.array([value_micros]), PARAMETERS, shares).values():
        assert credits_micros.sum() == value_micros
        assert weights.sum() == pytest.approx(1)


@given(st.lists(path_of_touches, max_size=12))
def test_paths_that_are_right_are_taken(paths: list[list[Touch]]) -> None:
    right = paths_of(*paths)
    assert right.checked() is right


@given(st.lists(path_of_touches, max_size=12))
def test_weights_sum_to_one(paths: list[list[Touch]]) -> None:
    for model in PATH_MODELS:
        weights = weigh_paths(model, paths_of(*paths), PARAMETERS).tolist()
        for path in paths:
            own, weights = weights[: len(path)], weights[len(path) :]
            assert sum(own) == pytest.approx(1.0 if path else 0.0, abs=1e-12)
            assert all(0 <= weight <= 1 for weight in own)


@given(st.lists(st.tuples(path_of_touches, value), max_size=12), st.data())
def test_credits_sum_to_the_value_to_the_micro_under_every_model(
    cases: list[tuple[list[Touch], int]], data: st.DataObject
) -> None:
    # Given paths of channels that earn much, little or nothing of all conversions, or are not known, with milestones
    paths, values = paths_of(*(path for path, _ in cases)), np.array([value for _, value in cases], dtype=np.int64)
    touches = len(paths.age_seconds)
    codes = data.draw(st.lists(st.integers(-1, 3), min_size=touches, max_size=touches))
    milestones = [data.draw(st.integers(-1, len(path) - 1)) for path, _ in cases]
    paths = replace(
        paths, channels=np.array(codes, dtype=np.int64), milestones=np.array(milestones, dtype=np.int64)
    ).checked()
    shares = dict.fromkeys(DATA_DRIVEN_MODELS, np.array([0.75, 0.25 - 1e-12, 1e-12, 0.0]))

    # Then what the touches of each earn sums to its value, no touch without weight earns, and none earns against it
    for weights, credits_micros in credit(list(Model), paths, values, PARAMETERS, shares).values():
        for number, (path, value_micros) in enumerate(cases):
            own = slice(paths.offsets[number], paths.offsets[number + 1])
            assert sum(credits_micros[own].tolist()) == (value_micros if path else 0)
            assert not credits_micros[own][weights[own] == 0].any()
            assert all(micros * value_micros >= 0 for micros in credits_micros[own].tolist())


@given(st.lists(st.tuples(path_of_touches, value), min_size=1, max_size=12), st.data())
def test_one_path_alone_is_credited_as_among_many(cases: list[tuple[list[Touch], int]], data: st.DataObject) -> None:
    # Given many paths credited together, the cases spread among fillers
    filler = [(float(age), False) for age in range(7_001, 0, -1)]
    everything = [*cases[: len(cases) // 2], *[(filler, 99)] * 6, *cases[len(cases) // 2 :]]
    together = paths_of(*(path for path, _ in everything))
    values = np.array([value for _, value in everything], dtype=np.int64)

    # When any one of them is credited alone
    number = data.draw(st.integers(0, len(everything) - 1))
    alone = credit(PATH_MODELS, paths_of(everything[number][0]), values[number : number + 1], PARAMETERS)

    # Then weights and credits are the same, bit for bit
    own = slice(together.offsets[number], together.offsets[number + 1])
    for model, (weights, credits_micros) in credit(PATH_MODELS, together, values, PARAMETERS).items():
        assert weights[own].tobytes() == alone[model][0].tobytes()
        assert credits_micros[own].tobytes() == alone[model][1].tobytes()


def split(value_micros: int, *weights: float) -> list[int]:
    offsets = np.array([0, len(weights)], dtype=np.int64)
    values = np.array([value_micros], dtype=np.int64)
    credits_micros: list[int] = split_micros(Weights(np.array(weights)), offsets, values).tolist()
    return credits_micros


def test_split_gives_the_largest_remainder_its_micro_first() -> None:
    assert split(10, 0.26, 0.26, 0.48) == [3, 2, 5]
    assert split(11, 0.4, 0.2, 0.4) == [5, 2, 4]


def test_split_favours_the_earlier_of_equal_touches() -> None:
    assert split(100, 1 / 3, 1 / 3, 1 / 3) == [34, 33, 33]
    assert split(2, 1 / 3, 1 / 3, 1 / 3) == [1, 1, 0]


def test_split_of_a_refund_mirrors_the_sale() -> None:
    assert split(-100, 1 / 3, 1 / 3, 1 / 3) == [-34, -33, -33]


def test_split_gives_nothing_to_a_touch_without_weight() -> None:
    assert split(7, 0.0, 0.5, 0.5) == [0, 4, 3]


def test_split_handles_a_long_path_and_many_short_ones() -> None:
    lengths = np.array([50_000, *[3] * 40_000, 0, 70_000])
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    values = np.arange(len(lengths), dtype=np.int64) * 1_000_001 + 5
    credits_micros = split_micros(Weights(np.repeat(1 / np.maximum(lengths, 1), lengths)), offsets, values)
    sums = np.add.reduceat(credits_micros, offsets[:-1][lengths > 0])
    assert (sums == values[lengths > 0]).all()
    starts = offsets[:-1][lengths > 0]
    assert (np.maximum.reduceat(credits_micros, starts) - np.minimum.reduceat(credits_micros, starts)).max() == 1


def test_split_refuses_a_path_whose_positions_it_cannot_tell_apart() -> None:
    longest = 1 << 23
    with pytest.raises(InvalidError, match="at most 8,388,608 touches"):
        split_micros(Weights(np.ones(longest + 1)), np.array([0, longest + 1]), np.array([1]))


def test_split_stays_exact_when_the_values_together_exceed_64_bits() -> None:
    paths, value_micros = 20_000, 10**15 - 1
    offsets = np.arange(0, 2 * paths + 1, 2, dtype=np.int64)
    values = np.full(paths, value_micros, dtype=np.int64)
    credits_micros = split_micros(Weights(np.full(2 * paths, 0.5)), offsets, values)
    assert credits_micros.reshape(-1, 2).tolist() == [[value_micros // 2 + 1, value_micros // 2]] * paths
