"""The counted paths that the data-driven models learn from."""

from collections import Counter
from itertools import groupby, pairwise

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from optiq.attribution.contracts import AttributionSettings, ConversionType
from optiq.attribution.path_table import CONVERSION_SCHEMA, OWNED_TOUCH_SCHEMA
from optiq.attribution.site_paths import SitePaths, site_paths
from optiq.attribution.terms import Terms
from optiq.kernel.clock import DAY_MS
from optiq.kernel.ids import id_in_order

WINDOW_DAYS, OF_SIGN_UPS = 4, 2
TERMS = Terms(
    AttributionSettings(conversion_types=(ConversionType("Sign up", lookback_days=OF_SIGN_UPS),)), WINDOW_DAYS
)
SINCE_DAY = 3

Happening = tuple[str, tuple[int, int], str]
"""Whose, on which day and where in its instant, and a channel or a name."""
WHENS = st.tuples(st.integers(0, 12), st.integers(0, 2))


def _table(happenings: list[Happening], schema: pa.Schema, said: str) -> pa.Table:
    """Ids of one moment rise with their place."""
    [key] = [name for name in ("conversion_id", "touch_id") if name in schema.names]
    rows = [
        dict.fromkeys(schema.names, "")
        | {"value_micros": 0, "revision": 1, key: f"{id_in_order('x', day * DAY_MS, 0, place)[:-6]}{number:06d}"}
        | {"customer_id": customer, "occurred_at": day * DAY_MS, said: text}
        for number, (customer, (day, place), text) in enumerate(happenings)
    ]
    return pa.Table.from_pylist([{name: row[name] for name in schema.names} for row in rows], schema=schema)


def _counted(paths: SitePaths) -> dict[tuple[str, ...], tuple[float, float]]:
    data = paths.data
    sequences = [
        tuple(paths.channels[code] for code in data.codes[start:end]) for start, end in pairwise(data.offsets.tolist())
    ]
    assert len(set(sequences)) == len(sequences)
    assert set(paths.channels) == {channel for sequence in sequences for channel in sequence}
    return dict(zip(sequences, zip(data.conversions.tolist(), data.nulls.tolist(), strict=True), strict=True))


def _expected(conversions: list[Happening], touches: list[Happening]) -> dict[tuple[str, ...], tuple[float, float]]:
    """By the definition, one customer after the other."""
    found: tuple[Counter[tuple[str, ...]], ...] = (Counter(), Counter())

    def add(kind: int, customer: str, first: tuple[int, float], last: tuple[int, int]) -> None:
        path = sorted(
            (when, number, channel)
            for number, (whose, when, channel) in enumerate(touches)
            if whose == customer and first <= when <= last
        )
        found[kind][tuple(channel for channel, _ in groupby(channel for _, _, channel in path))] += 1

    for customer, (day, place), name in conversions:
        add(0, customer, (day - (OF_SIGN_UPS if name == "Sign up" else WINDOW_DAYS), 0), (day, place))
    for customer in {whose for whose, _, _ in touches}:
        # After a conversion's place in its instant comes no other, but the next half.
        ends = [(day, place + 0.5) for whose, (day, place), _ in conversions if whose == customer]
        begins = max([(SINCE_DAY, 0.0), *ends])
        last = max(when for whose, when, _ in touches if whose == customer)
        if last >= begins:
            add(1, customer, max(begins, (last[0] - WINDOW_DAYS, 0.0)), last)
    return {path: (found[0][path], found[1][path]) for path in {*found[0], *found[1]} if path}


@pytest.mark.parametrize("channels", [["Audio", "Direct", "Email"], [f"channel {number:03d}" for number in range(300)]])
@given(data=st.data())
def test_each_distinct_path_is_counted_as_often_as_it_converted_and_as_it_did_not(
    channels: list[str], data: st.DataObject
) -> None:
    # Given conversions of the days learnt of, and touches of these days and before
    customers = st.sampled_from(["ann", "ben", "cat"])
    names = st.sampled_from(["Purchase", "Sign up"])
    conversions = data.draw(
        st.lists(st.tuples(customers, WHENS.filter(lambda when: when[0] >= SINCE_DAY), names), max_size=6)
    )
    touches = data.draw(st.lists(st.tuples(customers, WHENS, st.sampled_from(channels)), max_size=25))

    # When the paths are made
    paths = site_paths(
        _table(conversions, CONVERSION_SCHEMA, "name"),
        _table(touches, OWNED_TOUCH_SCHEMA, "channel"),
        TERMS,
        SINCE_DAY * DAY_MS,
    )

    # Then they are those of the definition
    assert _counted(paths) == _expected(conversions, touches)


def test_the_order_of_the_rows_is_nothing_to_the_paths() -> None:
    # Given one channel more than a byte tells apart
    touches = [(f"customer {number}", (5, 0), f"channel {number:03d}") for number in range(257)]
    none = _table([], CONVERSION_SCHEMA, "name")

    # When the paths are made of the rows in two orders
    forth, back = (
        site_paths(none, _table(rows, OWNED_TOUCH_SCHEMA, "channel"), TERMS, 0) for rows in (touches, touches[::-1])
    )

    # Then they come out in one
    assert forth.channels == back.channels
    assert forth.data.codes.tolist() == back.data.codes.tolist()
