"""Names have no signs that do something to who reads them."""

import pytest
from optiq.kernel.chosen_names import checked_name
from optiq.kernel.errors import InvalidError


@pytest.mark.parametrize("name", ["Orders drop", "Größe 🙂", "=1+1", "a" * 9, "דואר"])
def test_a_name_is_taken_without_blanks_around_it(name: str) -> None:
    assert checked_name(f" {name}\n", 20) == name


@pytest.mark.parametrize(
    "name",
    ["", "  ", "a" * 21, "a\r\nBcc: b@c.example", "a\0b", "\x1b]0;a\x07", "\u202egpj.exe", "a\u200bb", "a\u2028b"],
)
def test_signs_that_cannot_be_seen_are_refused(name: str) -> None:
    with pytest.raises(InvalidError, match=r"^label: must have 1 to 20 printable characters$"):
        checked_name(name, 20, field="label")


def test_a_name_that_may_be_left_out_may_be_empty() -> None:
    assert checked_name(" ", 20, fewest=0) == ""
