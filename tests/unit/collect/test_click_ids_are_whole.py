"""Click ids are kept whole or not at all."""

from optiq.collect.mending import without_cut_parameter
from optiq.collect.normalise import left_out_ids


def test_an_address_that_is_shortened_ends_with_a_whole_parameter() -> None:
    address = "https://shop.example/?a=1&gclid=Cj0KCQ"
    assert without_cut_parameter(address + "X", len(address)) == "https://shop.example/?a=1"
    assert without_cut_parameter(address + "&b=2", len(address)) == address
    assert without_cut_parameter("x" * 20, 10) == "x" * 10


def test_a_click_id_that_is_too_long_is_told_of() -> None:
    long = "A" * 1_001
    url = f"https://shop.example/?GCLID={long}&ad_id={long}&note={long}&fbclid={long[1:]}"
    assert left_out_ids(url) == [
        "ad_id: longer than 1,000 characters; left out",
        "gclid: longer than 1,000 characters; left out",
    ]
