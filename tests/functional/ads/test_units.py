"""Numbers as platforms write them."""

from collections.abc import Callable

import pytest
from optiq.ads.platforms.google_ads_reports import rows
from optiq.ads.platforms.units import BadNumberError, micros_as_given, micros_of, wholes


@pytest.mark.parametrize(
    ("given", "micros"),
    [("12.34", 12_340_000), ("1234", 1_234_000_000), ("2.5", 2_500_000), ("0.1", 100_000), (2, 2_000_000), (None, 0)],
)
def test_a_decimal_becomes_micros(given: object, micros: int) -> None:
    assert micros_of("spend", ["7", given, "7"]) == [7_000_000, micros, 7_000_000]


def test_micros_stay_micros() -> None:
    assert micros_as_given("costMicros", ["12345678", "-5", None, 3]) == [12_345_678, -5, 0, 3]
    assert micros_as_given("costMicros", []) == []


@pytest.mark.parametrize("given", ["1e40", "NaN", "Infinity", "many", "1000000001", "", [1]])
def test_a_number_that_cannot_be_is_refused(given: object) -> None:
    with pytest.raises(BadNumberError, match="bad number of spend"):
        micros_of("spend", ["1", given])


@pytest.mark.parametrize(
    ("read", "given"),
    [
        *((wholes, given) for given in ("-1", "1.5", "1_0", " 1", "+1", "", True, [1], str(10**15 + 1))),
        *((micros_as_given, given) for given in ("1-", "--1", "-", "1_0", "1.5", str(10**15 + 1), str(-(10**15) - 1))),
    ],
)
def test_a_count_that_cannot_be_is_refused(read: Callable[[str, list[object]], list[int]], given: object) -> None:
    with pytest.raises(BadNumberError):
        read("clicks", ["1", given, "2"])


def test_googles_row_is_read_in_its_own_units() -> None:
    told = {
        "campaign": {"id": "111", "advertisingChannelType": "SEARCH"},
        "adGroupAd": {"resourceName": "customers/222/adGroupAds/77~999"},
        "metrics": {"costMicros": "12345678", "impressions": "1000", "clicks": "40", "conversions": "2.5"},
        "segments": {"date": "2026-10-01"},
    }
    (found,) = rows("AD", [told])
    assert (found.entity_id, found.group_id, found.campaign_id, found.kind) == ("999", "77", "111", "SEARCH")
    assert (found.spend_micros, found.impressions, found.clicks) == (12_345_678, 1_000, 40)
    assert (found.claimed_count_micros, found.claimed_value_micros) == (2_500_000, 0)
