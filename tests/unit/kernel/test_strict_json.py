"""Bodies of the API are JSON as its standard has it."""

import json

import pytest
from optiq.kernel.strict_json import read_json


@pytest.mark.parametrize("text", ['"\\ud800"', '{"a": ["x\\uDC00"]}', '{"\\ud83d": 1}', "NaN", "[" * 100_000])
def test_what_cannot_be_written_again_is_refused(text: str) -> None:
    with pytest.raises(json.JSONDecodeError):
        read_json(text)


def test_both_halves_of_a_character_are_one() -> None:
    assert read_json('{"a": "\\ud83d\\ude00"}') == {"a": "😀"}
