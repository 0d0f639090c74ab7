"""Attribution of a path-sorted Parquet file, in batches, against the definitions applied to each path."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from optiq.attribution import api
from optiq.attribution.arrays import Paths
from optiq.attribution.contracts import DATA_DRIVEN_MODELS, CustomWeights, Model, ModelParameters, Verdict
from optiq.attribution.files import path_sums, streaming
from optiq.attribution.files.contracts import PathAttribution
from optiq.attribution.files.parquet_paths import BATCH_ROWS, ParquetRows, PathReader
from optiq.attribution.markov import TransitionCounts, removal_effects
from optiq.attribution.models import STANDARD_PARAMETERS, weigh
from optiq.attribution.shapley import ChannelSetCounts, subset_sum
from optiq.kernel.errors import InvalidError

DAY_MS = 86_400_000
NAMES = ["Direct", "Email", "Paid Search", "Social", "Affiliates", "Display"]
PARAMETERS = ModelParameters(half_life_days=3, custom=CustomWeights(0.5, 0.2, 0.3, half_life_days=10))
Earned = dict[Model, dict[str, tuple[float, float]]]


@dataclass(frozen=True)
class Journey:
    """A path: places in NAMES, oldest first; days between its touches."""

    codes: list[int]
    gaps: list[float]
    conversions: float
    value: float


def journeys(most_touches: int = 24, names: int = len(NAMES)) -> st.SearchStrategy[list[Journey]]:
    touch = st.tuples(st.integers(0, names - 1), st.floats(0, 40))
    outcome = st.one_of(
        st.just((0.0, 0.0)), st.tuples(st.sampled_from([1.0, 1.0, 3.0]), st.integers(0, 10**6).map(float))
    )
    one = st.tuples(st.lists(touch, min_size=1, max_size=most_touches), outcome)
    return st.lists(
        one.map(lambda drawn: Journey([c for c, _ in drawn[0]], [g for _, g in drawn[0]], *drawn[1])), max_size=30
    )


def table(paths: list[Journey], names: list[str] = NAMES) -> pa.Table:
    lengths = [len(path.codes) for path in paths]
    moments = [int(day * DAY_MS) for path in paths for day in np.cumsum(path.gaps)]
    return pa.table(
        {
            "path_id": pa.array(np.repeat(np.arange(len(paths)) * 3, lengths), pa.int64()),
            "touch_at": pa.array(moments, pa.timestamp("ms", tz="UTC")),
            "channel": pa.array([names[code] for path in paths for code in path.codes], pa.string()),
            "conversions": pa.array(np.repeat([path.conversions for path in paths], lengths), pa.float64()),
            "value": pa.array(np.repeat([path.value for path in paths], lengths), pa.float64()),
        }
    )


def by_definition(paths: list[Journey], parameters: ModelParameters = PARAMETERS) -> Earned:
    """Every model's own function over all paths at once."""
    codes = np.array([code for path in paths for code in path.codes], dtype=np.int64)
    offsets = np.cumsum([0, *(len(path.codes) for path in paths)])
    moments = [[int(day * DAY_MS) for day in np.cumsum(path.gaps)] for path in paths]
    ages = np.array([(touches[-1] - at) / 1000 for touches in moments for at in touches])
    arrays = Paths(offsets, ages, codes == 0)
    amounts = [np.array([path.conversions for path in paths]), np.array([path.value for path in paths])]
    earned = {}
    for model in Model:
        if model is Model.MARKOV:
            nulls = (amounts[0] == 0).astype(np.float64)
            shares = removal_effects(TransitionCounts.of(offsets, codes, amounts[0], nulls, len(NAMES))).shares
            sums = [shares * each.sum() for each in amounts]
        elif model is Model.SHAPLEY:
            sums = [subset_sum(ChannelSetCounts.of(offsets, codes, each, len(NAMES))) for each in amounts]
        else:
            weights = weigh(model, arrays, parameters)
            sums = [np.bincount(codes, weights * np.repeat(each, arrays.lengths), len(NAMES)) for each in amounts]
        earned[model] = {name: (sums[0][code], sums[1][code]) for code, name in enumerate(NAMES) if code in codes}
    return earned


def earned(found: PathAttribution) -> Earned:
    answer: Earned = {}
    for credit in found.credits:
        answer.setdefault(credit.model, {})[credit.channel] = (credit.conversions, credit.value)
    return answer


def attributed(
    file: Path,
    models: Sequence[Model] = (),
    by: str = "channel",
    parameters: ModelParameters = STANDARD_PARAMETERS,
    batch_rows: int = BATCH_ROWS,
) -> PathAttribution:
    return streaming.attribute(ParquetRows(file, batch_rows), models, by, parameters)


def assert_same(found: Earned, expected: Earned) -> None:
    for model, of_names in expected.items():
        assert found.get(model, {}).keys() == of_names.keys()
        scale = np.array([max(1.0, sum(amounts[which] for amounts in of_names.values())) for which in (0, 1)])
        for name, amounts in of_names.items():
            assert (np.abs(np.array(found[model][name]) - amounts) <= 1e-9 * scale).all()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "paths.parquet"


@given(paths=journeys(), batch_rows=st.integers(1, 60), row_group_rows=st.integers(1, 80))
def test_every_model_credits_as_its_definition_does_however_the_file_is_cut(
    file: Path, paths: list[Journey], batch_rows: int, row_group_rows: int
) -> None:
    pq.write_table(table(paths), file, row_group_size=row_group_rows)

    found = attributed(file, parameters=PARAMETERS, batch_rows=batch_rows)

    assert_same(earned(found), by_definition(paths))


@given(paths=journeys())
def test_credits_of_a_model_sum_to_the_conversions_and_their_value(file: Path, paths: list[Journey]) -> None:
    pq.write_table(table(paths), file)
    conversions, value = sum(path.conversions for path in paths), sum(path.value for path in paths)

    for amounts in earned(attributed(file, parameters=PARAMETERS)).values():
        assert sum(each[0] for each in amounts.values()) == pytest.approx(conversions, rel=1e-9)
        assert sum(each[1] for each in amounts.values()) == pytest.approx(value, rel=1e-9)


def _some(chance: np.random.Generator, count: int, longest: int = 20) -> list[Journey]:
    lengths = chance.integers(1, longest + 1, count)
    return [
        Journey(
            chance.integers(0, len(NAMES), n).tolist(),
            chance.uniform(0, 5, n).tolist(),
            *((1.0, float(chance.integers(1, 1000))) if chance.random() < 0.5 else (0.0, 0.0)),
        )
        for n in lengths
    ]


def _without_touch_at(data: pa.Table) -> pa.Table:
    moments = data.column("touch_at").cast(pa.int64()).to_numpy()
    return data.drop_columns("touch_at").append_column("age_seconds", pa.array((10**13 - moments) / 1000))


def _with(data: pa.Table, name: str, column: Any) -> pa.Table:
    return data.set_column(data.column_names.index(name), name, column)


FORMS = {
    "text ids": lambda data: _with(data, "path_id", pa.array([f"cus_{i:09}" for i in data["path_id"].to_pylist()])),
    "dictionary ids": lambda data: _with(
        data, "path_id", pa.array([f"cus_{i:09}" for i in data["path_id"].to_pylist()]).dictionary_encode()
    ),
    "unsigned ids": lambda data: _with(data, "path_id", data["path_id"].cast(pa.uint64())),
    "a dictionary of channels": lambda data: _with(
        data, "channel", data["channel"].combine_chunks().dictionary_encode()
    ),
    "large text": lambda data: _with(data, "channel", data["channel"].cast(pa.large_string())),
    "microseconds": lambda data: _with(data, "touch_at", data["touch_at"].cast(pa.timestamp("us"))),
    "ages": _without_touch_at,
    "yes or no": lambda data: _with(data, "conversions", data["conversions"].cast(pa.bool_())),
    "decimal value": lambda data: _with(data, "value", data["value"].cast(pa.decimal128(18, 2))),
    "whole value": lambda data: _with(data, "value", data["value"].cast(pa.int64())),
    "other columns": lambda data: data.append_column("note", pa.nulls(len(data), pa.string())),
}


@pytest.mark.parametrize("form", FORMS)
def test_columns_may_be_of_any_sensible_type(file: Path, form: str) -> None:
    paths = _some(np.random.default_rng(1), 200)
    pq.write_table(FORMS[form](table(paths)), file, row_group_size=300)

    found = attributed(file, parameters=PARAMETERS, batch_rows=128)

    assert_same(earned(found), by_definition(paths))


def test_what_is_credited_may_differ_from_what_tells_direct(file: Path) -> None:
    # Given a path whose last touch is Direct by its channel, and a campaign that is only called so
    data = pa.table(
        {
            "path_id": [1, 1, 1],
            "touch_at": pa.array([1, 2, 3], pa.timestamp("s")),
            "campaign": ["spring", "direct", "(not set)"],
            "channel": ["Email", "Email", "Direct"],
            "conversions": [1, 1, 1],
        }
    )
    pq.write_table(data, file)

    found = earned(attributed(file, [Model.LAST_NON_DIRECT], by="campaign"))

    assert found[Model.LAST_NON_DIRECT] == {"(not set)": (0, 0), "direct": (1, 0), "spring": (0, 0)}


def test_without_a_channel_direct_is_told_by_what_is_credited(file: Path) -> None:
    data = {"path_id": [1, 1], "age_seconds": [5.0, 0.0], "source": ["google", "(direct)"], "conversions": [1, 1]}
    pq.write_table(pa.table(data), file)

    found = earned(attributed(file, [Model.LAST_NON_DIRECT], by="source"))

    assert found[Model.LAST_NON_DIRECT] == {"(direct)": (0, 0), "google": (1, 0)}


def test_no_more_of_a_file_is_held_than_is_at_hand(file: Path) -> None:
    # Given several row groups, together far larger than what is read at a time
    rows = 400_000
    chance = np.random.default_rng(5)
    data = {
        "path_id": np.arange(rows),
        "age_seconds": chance.random(rows),
        "channel": pa.DictionaryArray.from_arrays(chance.integers(0, 5, rows), NAMES),
        "conversions": np.ones(rows, dtype=np.int64),
        "value": chance.random(rows),
    }
    pq.write_table(pa.table(data), file, row_group_size=rows // 20)
    before = pa.total_allocated_bytes()

    held = max(pa.total_allocated_bytes() - before for _ in PathReader(ParquetRows(file, 5_000), "channel").batches())

    assert held < file.stat().st_size / 4


def test_a_path_of_a_million_touches_among_others(file: Path) -> None:
    chance = np.random.default_rng(2)
    many = Journey(chance.integers(0, len(NAMES), 1_000_000).tolist(), [1e-4] * 1_000_000, 1.0, 77.0)
    paths = [*_some(chance, 50), many, *_some(chance, 50)]
    pq.write_table(table(paths), file)

    assert_same(earned(attributed(file, parameters=PARAMETERS)), by_definition(paths))


def test_one_customer_with_everything_has_all_the_credit(file: Path) -> None:
    lonely = Journey([1] * 200_000, [0.0] * 200_000, 1.0, 9.0)
    pq.write_table(table([lonely]), file, row_group_size=70_000)

    found = earned(attributed(file, parameters=PARAMETERS, batch_rows=5_000))

    assert all(amounts == {"Email": pytest.approx((1.0, 9.0), rel=1e-9)} for amounts in found.values())


def test_many_names_are_credited_as_few_are(file: Path) -> None:
    # Given more values than the cube of positions takes, on paths of all lengths
    chance = np.random.default_rng(3)
    paths = _some(chance, 2_000)
    names = [f"/page/{number:05}" for number in range(len(NAMES) * 1_000)]
    spread = [
        Journey([c * 1_000 + int(chance.integers(1_000)) for c in p.codes], p.gaps, p.conversions, p.value)
        for p in paths
    ]
    pq.write_table(table(spread, names), file, row_group_size=4_000)
    models = [m for m in Model if m not in (Model.LAST_NON_DIRECT, *DATA_DRIVEN_MODELS)]

    found = earned(attributed(file, models, parameters=PARAMETERS, batch_rows=1_000))

    # Then the credits of a thousand pages are what their one channel would have had
    summed: Earned = {}
    for model, amounts in found.items():
        for name, pair in amounts.items():
            channel = NAMES[int(name[-5:]) // 1_000]
            before = summed.setdefault(model, {}).get(channel, (0.0, 0.0))
            summed[model][channel] = (before[0] + pair[0], before[1] + pair[1])
    assert_same(summed, {model: by_definition(paths)[model] for model in models})


def test_markov_refuses_more_names_than_it_can_solve(file: Path) -> None:
    count = path_sums.MAX_MARKOV_NAMES + 1
    data = {
        "path_id": range(count),
        "age_seconds": [0.0] * count,
        "channel": map(str, range(count)),
        "conversions": [1] * count,
    }
    pq.write_table(pa.table({name: list(column) for name, column in data.items()}), file)

    with pytest.raises(InvalidError, match="MARKOV takes at most"):
        attributed(file, [Model.MARKOV])


def test_names_that_only_a_dictionary_holds_are_not_in_the_answer(file: Path) -> None:
    channels = pa.DictionaryArray.from_arrays(pa.array([0, 2]), pa.array(["Email", "Nobody", "Social"]))
    pq.write_table(
        pa.table({"path_id": [1, 2], "age_seconds": [0, 0], "channel": channels, "conversions": [1, 0]}), file
    )

    found = earned(attributed(file, [Model.LINEAR]))

    assert found == {Model.LINEAR: {"Email": (1, 0), "Social": (0, 0)}}


def test_an_empty_file_credits_nothing(file: Path) -> None:
    pq.write_table(table([]), file)

    assert attributed(file, parameters=PARAMETERS).credits == ()


def test_the_entrance_computes_all_but_what_it_lacks(file: Path) -> None:
    pq.write_table(table(_some(np.random.default_rng(4), 10)), file)

    found = api.attribute_parquet(file)

    assert {credit.model for credit in found.credits} == set(Model) - {Model.CUSTOM}
    assert found.not_computed == {Model.CUSTOM: "weights of your own"}
    assert {(verdict.model, verdict.verdict) for verdict in found.verdicts} == {
        (model, Verdict.NOT_ENOUGH_DATA) for model in DATA_DRIVEN_MODELS
    }
    with pytest.raises(InvalidError, match="CUSTOM needs weights"):
        api.attribute_parquet(file, [Model.CUSTOM])


GOOD = {
    "path_id": [1, 1, 2, 2],
    "age_seconds": [9.0, 5.0, 7.0, 0.0],
    "channel": ["Email", "Direct", "Email", "Social"],
    "conversions": [1, 1, 0, 0],
    "value": [5.0, 5.0, 0.0, 0.0],
}


@pytest.mark.parametrize("batch_rows", [1, 3, 100])
@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"path_id": [2, 2, 1, 1]}, "row 3: path_id is below the one before"),
        ({"path_id": ["b", "b", "a", "a"]}, "row 3: path_id is below the one before"),
        ({"path_id": [1, 1, 2, 1]}, "row 4: path_id is below the one before"),
        ({"path_id": [1, 1, None, 2]}, "row 3: path_id is empty"),
        ({"age_seconds": [9.0, 5.0, 0.0, 7.0]}, "row 4: the touch is older than the one before"),
        ({"age_seconds": [9.0, float("nan"), 7.0, 0.0]}, "row 2: age_seconds must be finite, 0 or more"),
        ({"age_seconds": [9.0, -1.0, 7.0, 0.0]}, "row 2: age_seconds must be finite, 0 or more"),
        ({"age_seconds": [9.0, None, 7.0, 0.0]}, "row 2: age_seconds is empty"),
        ({"channel": ["Email", None, "Email", "Social"]}, "row 2: channel is empty"),
        ({"conversions": [-1, -1, 0, 0]}, "row 1: conversions must be finite, 0 or more"),
        ({"conversions": [1, 0, 0, 0]}, "row 2: conversions differs from the same path's row before"),
        ({"value": [-5.0, -5.0, 0.0, 0.0]}, "row 1: value must be finite, 0 or more"),
        ({"value": [float("nan")] * 4}, "row 1: value must be finite, 0 or more"),
        ({"value": [5.0, 6.0, 0.0, 0.0]}, "row 2: value differs from the same path's row before"),
        ({"value": [5.0, 5.0, 4.0, 4.0]}, "row 3: a value, though the path did not convert"),
    ],
)
def test_a_wrong_row_is_named(file: Path, change: dict[str, list[Any]], complaint: str, batch_rows: int) -> None:
    pq.write_table(pa.table(GOOD | change), file, row_group_size=2)

    with pytest.raises(InvalidError) as caught:
        attributed(file, batch_rows=batch_rows)

    assert str(caught.value) == f"{file}, {complaint}" + (" (age_seconds)" if "older" in complaint else "") + (
        "; sort the file by path_id, then time" if "below" in complaint else ""
    )


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"path_id": [1.5, 1.5, 2.5, 2.5]}, "the column path_id cannot be of type double"),
        ({"age_seconds": ["a", "b", "c", "d"]}, "the column age_seconds cannot be of type string"),
        ({"touch_at": [1, 2, 3, 4]}, "the column touch_at cannot be of type int64"),
        ({"channel": [1, 2, 3, 4]}, "the column channel cannot be of type int64"),
        ({"value": [True] * 4}, "the column value cannot be of type bool"),
        ({"conversions": ["yes"] * 4}, "the column conversions cannot be of type string"),
    ],
)
def test_a_column_of_a_wrong_type_is_named(file: Path, change: dict[str, list[Any]], complaint: str) -> None:
    pq.write_table(pa.table(GOOD | change), file)

    with pytest.raises(InvalidError, match=complaint):
        attributed(file)


def test_a_missing_column_is_named(file: Path) -> None:
    pq.write_table(pa.table(GOOD).drop_columns(["age_seconds", "conversions"]), file)

    with pytest.raises(InvalidError, match="no column touch_at or conversions or campaign"):
        attributed(file, by="campaign")


@pytest.mark.parametrize("by", ["path_id", "age_seconds", "conversions", "value"])
def test_what_tells_of_paths_cannot_be_credited(file: Path, by: str) -> None:
    pq.write_table(pa.table(GOOD), file)

    with pytest.raises(InvalidError, match=f"the column {by} cannot be credited"):
        attributed(file, by=by)


@pytest.mark.parametrize("name", ["value", "channel"])
def test_a_column_that_stands_there_twice_is_named(file: Path, name: str) -> None:
    pq.write_table(pa.table([*GOOD.values(), GOOD[name]], names=[*GOOD, name]), file)

    with pytest.raises(InvalidError, match=f"the column {name} stands there twice"):
        attributed(file)


@pytest.mark.parametrize("batch_rows", [1, 100])
@pytest.mark.parametrize(("name", "reason"), [("conversions", "conversions"), ("value", "of their value")])
def test_more_than_can_be_counted_is_refused(file: Path, name: str, reason: str, batch_rows: int) -> None:
    huge = {"conversions": [1, 1, 1, 1], name: [1e308] * 4}
    pq.write_table(pa.table(GOOD | huge), file, row_group_size=2)

    with pytest.raises(InvalidError, match=rf"more than 10\^18 {reason}"):
        attributed(file, batch_rows=batch_rows)


def test_what_is_no_parquet_is_said_so(file: Path) -> None:
    file.write_bytes(b"path,total_conversions\n")

    with pytest.raises(InvalidError, match="cannot be read as Parquet"):
        attributed(file)
    with pytest.raises(InvalidError, match="cannot be read as Parquet"):
        attributed(file.with_name("absent.parquet"))
