"""When something happened, in the spellings and units of senders."""

import json

import pytest
from optiq.collect.instants import read_instant

MS = 1_795_860_000_123
SECOND = 1_795_860_000_000
"""2026-11-28T10:00:00Z"""


@pytest.mark.parametrize("unit", [1, 1_000, 1_000_000])
@pytest.mark.parametrize("form", [int, str, lambda value: f" {value} ", float])
def test_a_number_is_read_in_the_unit_it_is_plausible_in(unit: int, form: type) -> None:
    assert read_instant("t", form(MS * unit), []) == MS
    assert read_instant("t", form(SECOND // 1_000), []) == SECOND


@pytest.mark.parametrize("said", ["1795860000.123", 1_795_860_000.123, "1795860000123.9", "/Date(1795860000123)/"])
def test_fractions_and_wrappers_of_numbers_are_read(said: object) -> None:
    assert read_instant("t", said, []) == MS


@pytest.mark.parametrize(
    "said",
    [
        *("2026-11-28T10:00:00Z", "2026-11-28 10:00:00", "2026-11-28T10:00:00z", "2026-11-28t10:00:00.000z"),
        *("2026-11-28T11:00:00+0100", "2026-11-28 11:00:00 +0100", "2026-11-28T11:00:00+01:00[Europe/Berlin]"),
        *("2026-11-28T10:00:00,000Z", "2026-11-28 10:00:00 UTC", "2026-11-28 10:00:00.0 +0000 UTC m=+0.01"),
        *("2026/11/28 10:00:00", "20261128T100000Z", "20261128100000", '"2026-11-28T10:00:00Z"'),
        *("Sat, 28 Nov 2026 10:00:00 GMT", "Sat, 28 Nov 2026 11:00:00 +0100", "Sat Nov 28 10:00:00 2026"),
        "Sat Nov 28 2026 11:00:00 GMT+0100 (Central European Standard Time)",
    ],
)
def test_a_date_with_one_meaning_is_read(said: str) -> None:
    warnings: list[str] = []

    assert read_instant("t", said, warnings) == SECOND
    assert warnings == []


def test_a_leap_second_is_the_second_before_it() -> None:
    assert read_instant("t", "2016-12-31T23:59:60Z", []) == read_instant("t", "2016-12-31T23:59:59Z", [])


@pytest.mark.parametrize(
    "said",
    [
        *("yesterday", "03/04/2026", "28.11.2026", "2026-13-01", "0001-01-01T00:00:00Z", "1969-12-31", " ", "NaN", "0"),
        *(0, 1, -1, 20_000, 45_989.4, 638_999_999_999_999_999, 10**30, 1e300, float("nan"), True, [], {}, [MS]),
        *("2026-11-28T10:00:00[Europe/Berlin]", "2026-11-28 10:00:00 CET", "9" * 500),
    ],
    ids=lambda said: json.dumps(said)[:30],
)
def test_what_has_no_one_meaning_is_left_out_with_a_warning(said: object) -> None:
    warnings: list[str] = []

    assert read_instant("timestamp", said, warnings) is None
    assert warnings == ["timestamp: is not an instant such as 2026-01-31T09:30:00Z; left out"]


@pytest.mark.parametrize("said", [None, ""])
def test_nothing_is_no_instant_and_no_fault(said: object) -> None:
    warnings: list[str] = []

    assert read_instant("timestamp", said, warnings) is None
    assert warnings == []
