"""What strangers name does not compute in the spreadsheet of who opens a file."""

import pytest
from optiq.kernel.spreadsheets import shown_text

COMPUTED = {
    "=1+1": "'=1+1",
    "+1": "'+1",
    "-1": "'-1",
    "@SUM(A1)": "'@SUM(A1)",
    "\uff1dcmd|' /c calc'!A0": "'\uff1dcmd|' /c calc'!A0",
    "\u200b\u202e=1": "'\u200b\u202e=1",
    "\ufeff =1": "'\ufeff =1",
    "\x00=1": "'\x00=1",
    "\x08\x7f=1": "'\x08\x7f=1",
    "\x1c@SUM(A1)": "'\x1c@SUM(A1)",
    "\ufe66" + "1+1": "'\ufe66" + "1+1",
    "\tname": "'\tname",
    "\rname": "'\rname",
    # A spreadsheet that parts cells at semicolons sees a cell of its own.
    "spring;=1+1": "spring;'=1+1",
    "spring; =1+1;x": "spring;' =1+1;x",
    "spring\n=1": "spring\n'=1",
    "a\t@b": "a\t'@b",
}
HARMLESS = ["", "spring", "a=b", "spring-sale", "a;b", "a; b", "50 % off + more", "'=1", "line\nline", "a;b\tc"]


@pytest.mark.parametrize(("text", "shown"), COMPUTED.items())
def test_a_text_that_would_be_computed_is_shown(text: str, shown: str) -> None:
    assert shown_text(text) == shown


@pytest.mark.parametrize("text", HARMLESS)
def test_a_harmless_text_stays_as_it_is(text: str) -> None:
    assert shown_text(text) == text
