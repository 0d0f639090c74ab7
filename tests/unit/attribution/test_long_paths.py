"""A path that says more than an item can hold keeps the touches nearest the conversion."""

from optiq.attribution.path import MAX_CHARACTERS, left_out, path_of
from optiq.journeys.contracts import Conversion, ConversionPath, Touch

CONVERSION = Conversion("org_1", "site_1", "cus_1", "conversion_1", "e", "purchase", 1000, 1, "EUR", 1)


def _touch(number: int, landing_page: str) -> Touch:
    return Touch(f"touch_{number}", "s", number, "LANDING", "Email", "n", "email", "c", "", "", (), landing_page, "")


def test_touches_beyond_what_an_item_holds_are_left_out_and_said() -> None:
    touches = tuple(_touch(number, "/" + "x" * (MAX_CHARACTERS // 10)) for number in range(20))

    path = path_of(ConversionPath(CONVERSION, touches), None)

    assert [touch.touch_id for touch in path.touches] == [f"touch_{number}" for number in range(11, 20)]
    assert {left.reason for left in left_out(path, touches)} == {"OVER_LIMIT"}
    assert len(left_out(path, touches)) == 11


def test_an_ordinary_path_is_kept_whole() -> None:
    touches = tuple(_touch(number, "/products/lamp") for number in range(500))

    assert path_of(ConversionPath(CONVERSION, touches), None).touches == touches
