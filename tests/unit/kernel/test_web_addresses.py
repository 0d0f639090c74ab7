"""Addresses that people give: in one form, or refused with the field's name."""

import pytest
from optiq.kernel.errors import InvalidError
from optiq.kernel.web_addresses import checked_address


def test_address_is_written_as_browsers_send_it() -> None:
    assert checked_address("hook", " HTTPS://Bücher.Example:8443/é?q=ü#top ") == (
        "https://xn--bcher-kva.example:8443/%C3%A9?q=%C3%BC#top"
    )


@pytest.mark.parametrize("address", ["", "ftp://a.example", "https://u@a.example", "https://-a.example", "http:\\\\a"])
def test_address_that_nothing_could_open_is_refused_by_its_field(address: str) -> None:
    with pytest.raises(InvalidError, match=r"^hook: must "):
        checked_address("hook", address)


def test_address_may_have_so_many_characters_as_its_field() -> None:
    assert checked_address("hook", "https://a.example/b", longest=19)
    with pytest.raises(InvalidError, match=r"^hook: must have at most 18 characters"):
        checked_address("hook", "https://a.example/b", longest=18)
