"""The latest version of each row, told apart in columns."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st
from optiq.journeys.lake import TOUCHES
from optiq.ports.lake_rows import arrow_schema
from optiq.ports.lake_versions import latest_of_each

SCHEMA = arrow_schema(TOUCHES, "touch_id", "channel", "revision")
ENDS_ALIKE = ["touch_1_aaaaaaaa", "touch_2_aaaaaaaa", "touch_3_bbbbbbbb"]


def _rows(versions: list[tuple[str | None, int]]) -> pa.Table:
    """Each says by its channel which row it was."""
    return pa.Table.from_pylist(
        [{"touch_id": key, "channel": str(row), "revision": revision} for row, (key, revision) in enumerate(versions)],
        schema=SCHEMA,
    )


@given(
    st.sampled_from([ENDS_ALIKE, ["", "short", *ENDS_ALIKE], [None, *ENDS_ALIKE]]).flatmap(
        lambda ids: st.lists(st.tuples(st.sampled_from(ids), st.integers(1, 4)), max_size=20)
    ),
    st.integers(0, 3),
)
def test_of_each_row_one_of_the_latest_version_stays(versions: list[tuple[str | None, int]], cut: int) -> None:
    # Given rows in several versions, some written twice, in chunks that begin anywhere
    rows = _rows(versions)
    rows = pa.concat_tables([rows.slice(0, cut), rows.slice(cut)])

    # When the latest are taken
    kept = latest_of_each(rows, TOUCHES)

    # Then each row is there once, in its highest version, and none changed places
    highest: dict[str | None, int] = {}
    for key, revision in versions:
        highest[key] = max(revision, highest.get(key, 0))
    places = [int(row) for row in kept.column("channel").to_pylist()]
    assert dict(versions[place] for place in places) == highest
    assert len(places) == len(highest)
    assert places == sorted(places)


def test_rows_that_are_there_once_are_passed_through() -> None:
    rows = _rows([("touch_1_aaaaaaaa", 1), ("touch_3_bbbbbbbb", 1)])
    assert latest_of_each(rows, TOUCHES) is rows
