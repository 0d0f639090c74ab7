"""Raw touches and conversions become path-sorted rows."""

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from optiq.attribution import api
from optiq.attribution.contracts import Model
from optiq.attribution.files import streaming
from optiq.attribution.files.parquet_paths import ParquetRows
from optiq.attribution.files.raw_paths import RawPaths
from optiq.attribution.path import WINDOW_DAYS
from optiq.kernel.errors import InvalidError

DAY_MS = 86_400_000
INSTANT = pa.timestamp("ms")


def touches(*rows: tuple[Any, int, str]) -> pa.Table:
    customers, days, channels = zip(*rows, strict=True) if rows else ((), (), ())
    at = pa.array([day * DAY_MS for day in days], INSTANT)
    return pa.table(
        {
            "customer_id": pa.array(customers, None if rows else pa.int64()),
            "touch_at": at,
            "channel": pa.array(channels, pa.string()),
        }
    )


def conversions(*rows: tuple[Any, int, float]) -> pa.Table:
    customers, days, values = zip(*rows, strict=True) if rows else ((), (), ())
    at = pa.array([day * DAY_MS for day in days], INSTANT)
    return pa.table(
        {
            "customer_id": pa.array(customers, None if rows else pa.int64()),
            "converted_at": at,
            "value": pa.array(values, pa.float64()),
        }
    )


def path_rows(touches: pa.Table, conversions: pa.Table, window_days: int = WINDOW_DAYS) -> pa.Table:
    made = RawPaths(touches, conversions, window_days)
    return pa.Table.from_batches(made.batches(made.schema.names), made.schema)


def paths(rows: pa.Table) -> list[tuple[str, int, float]]:
    """Each path's channels, its conversions and their value."""
    found: dict[int, tuple[str, int, float]] = {}
    for row in rows.to_pylist():
        before = found.get(row["path_id"], ("",))[0]
        found[row["path_id"]] = (before + row["channel"], row["conversions"], row["value"])
    assert list(found) == sorted(found)
    return list(found.values())


def test_touches_are_joined_with_the_conversion_they_came_before() -> None:
    rows = path_rows(
        touches((7, 3, "B"), (5, 1, "X"), (7, 1, "A"), (7, 9, "C"), (5, 2, "Y")),
        conversions((7, 4, 10.0), (9, 5, 99.0)),
        window_days=30,
    )

    # Then what came after the conversion, and who never converted, are paths that did not
    assert Counter(paths(rows)) == Counter([("AB", 1, 10.0), ("XY", 0, 0.0), ("C", 0, 0.0)])


def test_a_touch_counts_within_the_window_and_for_each_conversion() -> None:
    rows = path_rows(
        touches((1, 0, "A"), (1, 10, "B"), (1, 20, "C")), conversions((1, 30, 5.0), (1, 12, 4.0)), window_days=10
    )

    assert Counter(paths(rows)) == Counter([("C", 1, 5.0), ("B", 1, 4.0), ("A", 0, 0.0)])


def test_touches_of_one_instant_stay_in_order() -> None:
    assert paths(path_rows(touches((1, 1, "B"), (1, 1, "A"), (1, 0, "C")), conversions((1, 1, 2.0)))) == [
        ("CBA", 1, 2.0)
    ]


@pytest.mark.parametrize("ids", [("anna", "bob"), (1, 1 << 60), (-5, 3)])
def test_customers_may_be_texts_or_any_whole_numbers(ids: tuple[Any, Any]) -> None:
    anna, bob = ids

    rows = path_rows(touches((bob, 1, "B"), (anna, 1, "A")), conversions((bob, 2, 1.0)))

    assert Counter(paths(rows)) == Counter([("B", 1, 1.0), ("A", 0, 0.0)])


@given(
    touched=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 60), st.sampled_from("ABC")), max_size=40),
    converted=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 60), st.just(1.0)), max_size=10),
    window_days=st.integers(0, 60),
)
def test_paths_are_those_that_each_touch_by_itself_belongs_to(
    touched: list[tuple[int, int, str]], converted: list[tuple[int, int, float]], window_days: int
) -> None:
    ordered = sorted(touched, key=lambda touch: touch[1])
    counted = [[t for t in ordered if t[0] == who and 0 <= day - t[1] <= window_days] for who, day, _ in converted]
    unused = [t for t in ordered if not any(t in path for path in counted)]
    lost = [[t for t in unused if t[0] == who] for who in range(6)]
    expected = [("".join(t[2] for t in path), 1, 1.0) for path in counted if path]
    expected += [("".join(t[2] for t in path), 0, 0.0) for path in lost if path]

    assert Counter(paths(path_rows(touches(*touched), conversions(*converted), window_days))) == Counter(expected)


def test_the_rows_can_be_attributed(tmp_path: Any) -> None:
    rows = path_rows(touches((1, 1, "A"), (2, 1, "B"), (1, 2, "B")), conversions((1, 3, 8.0)))
    pq.write_table(rows, file := tmp_path / "paths.parquet")

    found = streaming.attribute(ParquetRows(file), [Model.LINEAR])

    assert [(credit.channel, credit.conversions, credit.value) for credit in found.credits] == [
        ("A", 0.5, 4.0),
        ("B", 0.5, 4.0),
    ]


def test_customers_are_apart_however_many_there_are() -> None:
    # Given enough customers for many parts, each with one touch before the conversion and one after
    count = 60_000
    chance = np.random.default_rng(1)
    customers = chance.permutation(count)
    rows = path_rows(
        pa.table(
            {
                "customer_id": np.append(customers, customers[::-1]),
                "touch_at": pa.array(np.repeat([1, 3], count), INSTANT),
                "channel": pa.array(np.append(customers, customers[::-1]).astype(str)),
            }
        ),
        pa.table({"customer_id": customers, "converted_at": pa.array([2] * count, INSTANT), "value": customers}),
    )

    ids, channels, worth = (rows[name].to_numpy() for name in ("path_id", "channel", "value"))
    paid = rows["conversions"].to_numpy() == 1
    assert (np.diff(ids) > 0).all()
    assert (np.sort(worth[paid]) == np.arange(count)).all()
    assert (channels[paid] == worth[paid].astype(str)).all()
    assert (worth[~paid] == 0).all()
    assert len(rows) == 2 * count


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    touched, converted = tmp_path / "touches.parquet", tmp_path / "conversions.parquet"
    pq.write_table(touches((1, 1, "A"), (2, 1, "B"), (1, 2, "B"), (1, 40, "C")), touched)
    pq.write_table(conversions((1, 41, 8.0)), converted)
    return touched, converted


@pytest.mark.parametrize(("window_days", "earning"), [(None, ["A", "B", "C"]), (10, ["C"]), (10**15, ["A", "B", "C"])])
def test_the_entrance_attributes_raw_files(
    files: tuple[Path, Path], window_days: int | None, earning: list[str]
) -> None:
    found = api.attribute_raw(*files, [Model.LINEAR, Model.SHAPLEY], window_days=window_days)

    earned = [(c.channel, c.conversions, c.value) for c in found.credits if c.conversions]
    each = [(name, pytest.approx(1 / len(earning)), pytest.approx(8 / len(earning))) for name in earning]
    assert earned == 2 * each


def test_a_raw_file_that_lacks_something_is_named(files: tuple[Path, Path]) -> None:
    touched, converted = files

    with pytest.raises(InvalidError, match=f"{converted}: no column touch_at or channel"):
        api.attribute_raw(converted, touched)
    with pytest.raises(InvalidError, match=f"{touched}: no column campaign"):
        api.attribute_raw(touched, converted, by="campaign")
    with pytest.raises(InvalidError, match="cannot be read as Parquet"):
        api.attribute_raw(touched.with_name("absent"), converted)


def test_a_raw_column_that_stands_there_twice_is_named(files: tuple[Path, Path]) -> None:
    touched, converted = files
    whole = pq.read_table(converted)
    pq.write_table(pa.table([*whole.columns, whole.column("value")], names=[*whole.column_names, "value"]), converted)

    with pytest.raises(InvalidError, match=f"{converted}: the column value stands there twice"):
        api.attribute_raw(touched, converted)


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        (-1.0, "value must be finite, 0 or more"),
        (float("nan"), "value must be finite, 0 or more"),
        (float("inf"), "value must be finite, 0 or more"),
        (None, "value is empty in some row"),
        ("5", "value cannot be of type string"),
    ],
)
def test_a_conversion_is_worth_something_or_nothing(value: Any, complaint: str) -> None:
    converted = conversions((1, 1, 0.0)).drop_columns("value").append_column("value", pa.array([value]))

    with pytest.raises(InvalidError, match=complaint):
        path_rows(touches((1, 1, "A")), converted)


def test_a_window_does_not_look_ahead() -> None:
    with pytest.raises(InvalidError, match="0 days or more"):
        path_rows(touches((1, 1, "A")), conversions((1, 1, 1.0)), window_days=-1)


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (touches((1, 1, "A")).drop_columns("customer_id"), "no column customer_id"),
        (touches((1, 1, "A"), (None, 1, "A")), "customer_id is empty in some row"),
        (touches(("a", 1, "A")), "customer_id must be of one type"),
        (touches((1, 0, "A"), (1, 13_000, "A")), "more than 35 years apart"),
        (pa.table({"customer_id": [1], "touch_at": [5]}), "touch_at cannot be of type int64"),
    ],
)
def test_what_cannot_be_joined_is_refused(data: pa.Table, complaint: str) -> None:
    with pytest.raises(InvalidError, match=complaint):
        path_rows(data, conversions((1, 1, 1.0)))
