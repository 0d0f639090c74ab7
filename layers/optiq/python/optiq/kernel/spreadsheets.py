"""Texts of strangers in files that people open with a spreadsheet."""

import re

_INVISIBLE = "\\x00-\\x20\\x7f-\\x9f\\s\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b"
"""A spreadsheet computes a text that begins so; behind the first four are their wide and small forms, which some take
for the same."""
_FORMULA = re.compile(f"(^|;)(?=[\t\r\n]|[{_INVISIBLE}]*[{_SIGNS}])|([\t\r\n])(?=[{_INVISIBLE}]*[{_SIGNS}])")


def shown_text(text: str) -> str:
    """The text of a cell of a CSV file: with an apostrophe where a spreadsheet would begin to compute.

    That is at its beginning; and after a semicolon, a tab or the end of a line, since some spreadsheets part cells
    there, whatever the file has between its own.
    """
    return _FORMULA.sub(r"\1\2'", text)
