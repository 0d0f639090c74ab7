"""Conversions without a touch are credited to `No tracked visit` in every form of path, and teach no model anything."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from optiq.attribution import api
from optiq.attribution.contracts import CountedPath, CustomWeights, Model, ModelParameters
from optiq.attribution.files.contracts import PathAttribution
from optiq.kernel.errors import InvalidError

NO_TRACKED_VISIT = "No tracked visit"
PARAMETERS = ModelParameters(custom=CustomWeights(1, 2, 3))
TOUCHED = [
    CountedPath(("Email", "Direct"), 4, 40.0, 6, (2.0, 1.0)),
    CountedPath(("Search",), 6, 90.0, 3, (0.0,)),
    CountedPath(("Direct", "Search"), 1, 5.0, 2, (9.0, 0.0)),
]
HEADER = "path,total_conversions,total_conversion_value,total_null\n"
INSTANT = pa.timestamp("s")


def credits_of(found: PathAttribution) -> dict[Model, dict[str, tuple[float, float]]]:
    earned: dict[Model, dict[str, tuple[float, float]]] = {model: {} for model in Model}
    for row in found.credits:
        assert row.channel not in earned[row.model]
        earned[row.model][row.channel] = (row.conversions, row.value)
    return earned


@pytest.mark.parametrize("place", range(len(TOUCHED) + 1))
def test_every_model_gives_other_channels_what_it_did_before(place: int) -> None:
    # Given paths, among which conversions without a touch and as many that did not convert
    alone = CountedPath((NO_TRACKED_VISIT,), 3, 70.0, 50, (0.0,))
    both = [*TOUCHED[:place], alone, *TOUCHED[place:]]

    before = credits_of(api.attribute_paths(TOUCHED, parameters=PARAMETERS, resamples=0))
    after = credits_of(api.attribute_paths(both, parameters=PARAMETERS, resamples=0))

    for model in Model:
        assert after[model].pop(NO_TRACKED_VISIT) == (3.0, 70.0)
        assert after[model] == before[model]


def test_intervals_move_by_what_is_known_for_sure() -> None:
    paths = [
        CountedPath(("Email",), 300, 300.0, 300),
        CountedPath(("Search",), 300, 300.0, 400),
        CountedPath((NO_TRACKED_VISIT,), 5, 1.0, 0),
    ]
    found = api.attribute_paths(paths, [Model.MARKOV], resamples=20)
    (row,) = [credit for credit in found.credits if credit.channel == NO_TRACKED_VISIT]
    assert (row.conversions_low, row.conversions, row.conversions_high) == (5, 5, 5)


def test_a_path_file_names_them(tmp_path: Path) -> None:
    file = tmp_path / "paths.csv"
    file.write_text(f"{HEADER}Email > Direct,1,10,2\n {NO_TRACKED_VISIT} ,2,30,9\n")

    found = credits_of(api.attribute_file(file))

    for model in (Model.LAST_NON_DIRECT, Model.MARKOV, Model.SHAPLEY, Model.LINEAR):
        assert found[model][NO_TRACKED_VISIT] == (2.0, 30.0)
        assert sum(conversions for conversions, _ in found[model].values()) == pytest.approx(3)
    assert found[Model.LAST_NON_DIRECT]["Email"] == (1.0, 10.0)


@pytest.mark.parametrize("path", ["", "   ", '""'])
def test_an_empty_path_is_refused_and_told_how_to_be_written(tmp_path: Path, path: str) -> None:
    file = tmp_path / "paths.csv"
    file.write_text(f"{HEADER}a,1,1,0\n{path},1,1,0\n")
    with pytest.raises(InvalidError, match=r"line 3: the path is empty; .* 'No tracked visit'"):
        api.attribute_file(file)


def rows_of(paths: list[tuple[list[str], int, float]]) -> pa.Table:
    rows = [
        {"path_id": number, "age_seconds": float(-place), "channel": name, "conversions": paid, "value": value}
        for number, (names, paid, value) in enumerate(paths)
        for place, name in enumerate(names, -len(names))
    ]
    return pa.Table.from_pylist(rows)


@pytest.mark.parametrize(
    "alone", [[([NO_TRACKED_VISIT], 1, 0.1)] * 3, [([NO_TRACKED_VISIT], 0, 0.0)] * 3, [([NO_TRACKED_VISIT], 7, 0.7)]]
)
def test_a_file_with_a_row_a_touch_names_them(tmp_path: Path, alone: list[tuple[list[str], int, float]]) -> None:
    touched = [(["Email", "Direct"], 1, 10.0), (["Search"], 1, 5.0), (["Email"], 0, 0.0)]
    before, after = tmp_path / "before.parquet", tmp_path / "after.parquet"
    pq.write_table(rows_of(touched), before)
    pq.write_table(rows_of([alone[0], *touched, *alone[1:]]), after)

    with_them = credits_of(api.attribute_parquet(after, parameters=PARAMETERS))
    without = credits_of(api.attribute_parquet(before, parameters=PARAMETERS))

    paid, value = sum(each[1] for each in alone), sum(each[2] for each in alone)
    for model in Model:
        assert with_them[model].pop(NO_TRACKED_VISIT) == (pytest.approx(paid), pytest.approx(value))
        assert with_them[model] == without[model]


def test_raw_conversions_without_a_touch_are_in_the_totals(tmp_path: Path) -> None:
    # Given a buyer with a touch in the window, one with a touch before it, and one without any
    touches, conversions = tmp_path / "touches.parquet", tmp_path / "conversions.parquet"
    at = pa.array([86_400 * day for day in (95, 1)], INSTANT)
    pq.write_table(pa.table({"customer_id": ["ann", "ben"], "touch_at": at, "channel": ["Email", "Direct"]}), touches)
    sold = {"customer_id": ["ann", "ben", "cat"], "converted_at": pa.array([86_400 * 100] * 3, INSTANT)}
    pq.write_table(pa.table(sold | {"value": [8.0, 4.0, 2.0]}), conversions)

    found = credits_of(api.attribute_raw(touches, conversions, parameters=PARAMETERS))

    for model in Model:
        assert found[model][NO_TRACKED_VISIT] == (2.0, 6.0)
        assert found[model]["Email"] == (1.0, 8.0)
        assert found[model]["Direct"] == (0.0, 0.0)


def test_raw_conversions_alone_are_all_without_a_visit(tmp_path: Path) -> None:
    touches, conversions = tmp_path / "touches.parquet", tmp_path / "conversions.parquet"
    nobody = pa.array([], pa.string())
    pq.write_table(pa.table({"customer_id": nobody, "touch_at": pa.array([], INSTANT), "channel": nobody}), touches)
    sold = {"customer_id": ["ann", "ann"], "converted_at": pa.array([1, 2], INSTANT), "value": [1.5, 2.5]}
    pq.write_table(pa.table(sold), conversions)

    found = credits_of(api.attribute_raw(touches, conversions))

    assert {model for model in Model if found[model]} == set(Model) - {Model.CUSTOM}
    assert all(rows == {NO_TRACKED_VISIT: (2.0, 4.0)} for rows in found.values() if rows)
