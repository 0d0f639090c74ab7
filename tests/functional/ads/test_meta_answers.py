"""What Meta's rows, errors and headers mean."""

from collections.abc import Sequence

import pytest
from optiq.ads.platforms.asking import Answered
from optiq.ads.platforms.meta_errors import classify
from optiq.ads.platforms.meta_reports import rows as meta_rows
from optiq.ads.platforms.meta_usage import usage_of
from optiq.ads.platforms.units import BadNumberError

from tests.functional.ads.metas import (
    D,
)
from tests.functional.ads.synced import ACCOUNT


def test_a_purchase_is_counted_once_however_many_types_list_it() -> None:
    told = {
        "campaign_id": "120",
        "spend": "12.34",
        "impressions": "1000",
        "clicks": "40",
        "actions": [
            {"action_type": "offsite_conversion.fb_pixel_purchase", "value": "5"},
            {"action_type": "purchase", "value": "5"},
            {"action_type": "omni_purchase", "value": "5", "1d_view": "2", "7d_click": "3"},
        ],
        "action_values": [{"action_type": "omni_purchase", "value": "250.5"}],
        "date_start": D,
    }
    (found,) = meta_rows("CAMPAIGN", ACCOUNT, [told])
    assert (found.claimed_count_micros, found.claimed_value_micros) == (5_000_000, 250_500_000)
    assert found.view_through_micros == 2_000_000
    assert (found.spend_micros, found.impressions, found.clicks) == (12_340_000, 1_000, 40)
    assert (found.entity_id, found.campaign_id) == ("120", "120")


@pytest.mark.parametrize(
    ("types", "counted"),
    [(("purchase", "offsite_conversion.fb_pixel_purchase"), 1), (("link_click",), 0), ((), 0)],
)
def test_another_type_counts_where_the_first_is_not_there(types: Sequence[str], counted: int) -> None:
    actions = [{"action_type": name, "value": str(place + 1)} for place, name in enumerate(types)]
    (found,) = meta_rows("ACCOUNT", ACCOUNT, [{"spend": "0", "actions": actions, "date_start": D}])
    assert found.claimed_count_micros == counted * 1_000_000
    assert found.entity_id == ACCOUNT


@pytest.mark.parametrize(
    ("spend", "micros"), [("12.34", 12_340_000), ("1234", 1_234_000_000), ("0.1", 100_000), ("0", 0)]
)
def test_money_is_exact_in_a_currency_with_cents_and_without(spend: str, micros: int) -> None:
    assert meta_rows("ACCOUNT", ACCOUNT, [{"spend": spend, "date_start": D}])[0].spend_micros == micros


@pytest.mark.parametrize("spend", ["-", "12,34", "1000000001"])
def test_a_number_that_cannot_be_is_a_bad_answer(spend: str) -> None:
    with pytest.raises(BadNumberError):
        meta_rows("ACCOUNT", ACCOUNT, [{"spend": spend, "date_start": D}])


def _answered(code: int, subcode: int = 0, **more: object) -> Answered:
    error = {"code": code, "message": "no", **({"error_subcode": subcode} if subcode else {}), **more}
    return Answered(400, {}, {"error": error})


@pytest.mark.parametrize(
    ("codes", "outcome"),
    [
        *(((code,), "RETRY") for code in (1, 2, 341, 960)),
        ((2, 1504043), "RETRY"),
        ((2, 1504044), "RETRY"),
        ((-2, 2490547), "RETRY"),
        ((7, 99), "RETRY"),
        ((100, 1504018), "SPLIT"),
        ((2, 1504038), "SPLIT"),
        *(((code,), "THROTTLE") for code in (4, 17, 32, 80000, 80003, 80004, 80006, 80008, 80014)),
        ((17, 2446079), "THROTTLE"),
        ((613, 1487742), "THROTTLE"),
        ((4, 1504022), "THROTTLE"),
        *(((190, code), "REAUTH") for code in (460, 463, 467)),
        ((102,), "REAUTH"),
        *(((code,), "NO_ACCESS") for code in (3, 10, 200, 294, 299)),
        ((100, 33), "NO_ACCESS"),
        ((2, 1504041), "PERMANENT"),
        ((2, 1504042), "PERMANENT"),
        ((100, 1), "PERMANENT"),
        ((613,), "PERMANENT"),
    ],
)
def test_an_error_means_what_metas_list_says(codes: tuple[int, ...], outcome: str) -> None:
    verdict = classify(_answered(*codes))
    assert verdict is not None
    assert verdict.outcome == outcome


def test_an_error_that_says_so_is_passing_or_too_much() -> None:
    transient = classify(_answered(5, is_transient=True))
    too_much = classify(_answered(1, message="Please reduce the amount of data you're asking for, then retry"))
    assert transient is not None
    assert transient.outcome == "RETRY"
    assert too_much is not None
    assert too_much.outcome == "SPLIT"
    assert "data" not in too_much.code


@pytest.mark.parametrize(
    ("header", "text", "usage"),
    [
        ("x-business-use-case-usage", '{"900":[{"type":"ads_insights","call_count":80,"total_time":3}]}', (80, 0)),
        (
            "x-business-use-case-usage",
            '{"900":[{"call_count":9},{"call_count":100,"estimated_time_to_regain_access":10}]}',
            (100, 600),
        ),
        ("x-app-usage", '{"call_count":28,"total_time":25,"total_cputime":76}', (76, 0)),
        ("x-ad-account-usage", '{"acc_id_util_pct":9.67}', (9, 0)),
        ("x-fb-ads-insights-throttle", '{"app_id_util_pct":77,"acc_id_util_pct":10}', (77, 0)),
        ("x-business-use-case-usage", "<html>", None),
        ("x-business-use-case-usage", '{"900":"?"}', None),
        ("x-app-usage", '{"call_count":"many"}', (0, 0)),
    ],
)
def test_headers_say_how_much_of_a_quota_is_used(header: str, text: str, usage: tuple[int, int] | None) -> None:
    found = usage_of(Answered(200, {header: text}, {}))
    assert (found and (found.percent, found.wait_seconds)) == usage
    if header in ("x-app-usage", "x-fb-ads-insights-throttle"):
        assert found is not None
        assert found.scope == "APP"
