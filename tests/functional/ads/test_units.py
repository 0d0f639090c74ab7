"""Numbers as platforms write them."""

from decimal import Decimal

import pytest
from optiq.ads.platforms.google_ads_reports import row
from optiq.ads.platforms.units import BadNumberError, micros_as_given, micros_of, micros_or_none, whole


@pytest.mark.parametrize(
    ("given", "micros"),
    [("12.34", 12_340_000), ("1234", 1_234_000_000), (2.5, 2_500_000), (Decimal("0.1"), 100_000), (None, 0)],
)
def test_a_decimal_becomes_micros(given: object, micros: int) -> None:
    assert micros_of("spend", given) == micros


def test_micros_stay_micros() -> None:
    assert micros_as_given("costMicros", "12345678") == 12_345_678
    assert micros_as_given("costMicros", "-5") == -5


def test_a_dash_is_no_value() -> None:
    assert micros_or_none("spend", "-") is None
    assert micros_or_none("spend", "0") == 0


@pytest.mark.parametrize("given", ["1e40", "NaN", "Infinity", "many", "1000000001", "", [1]])
def test_a_number_that_cannot_be_is_refused(given: object) -> None:
    with pytest.raises(BadNumberError, match="bad number of spend"):
        micros_of("spend", given)


@pytest.mark.parametrize(("read", "given"), [(whole, "-1"), (whole, "1.5"), (micros_as_given, str(10**15 + 1))])
def test_a_count_that_cannot_be_is_refused(read: object, given: str) -> None:
    assert callable(read)
    with pytest.raises(BadNumberError):
        read("clicks", given)


def test_googles_row_is_read_in_its_own_units() -> None:
    found = row(
        "CAMPAIGN",
        {
            "customer": {"id": "222"},
            "campaign": {"id": "111", "advertisingChannelType": "SEARCH"},
            "metrics": {"costMicros": "12345678", "impressions": "1000", "clicks": "40", "conversions": 2.5},
            "segments": {"date": "2026-10-01"},
        },
    )
    assert (found.spend_micros, found.impressions, found.clicks) == (12_345_678, 1_000, 40)
    assert (found.claimed_count_micros, found.claimed_value_micros) == (2_500_000, 0)
