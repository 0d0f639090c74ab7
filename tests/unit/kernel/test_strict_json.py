"""What requests of management routes may have as JSON."""

import json

import pytest
from optiq.kernel.errors import InvalidError
from optiq.kernel.strict_json import read_json


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        (r'{"label": "\ud800"}', "label"),
        (r'{"tags": ["a", "x\uDc00"]}', "tags.1"),
        (r'{"filters": [{"value": {"is": "\udfff"}}]}', "filters.0.value.is"),
        (r'{"until_at": "\ud800", "from_at": "2026-01-01T00:00:00Z"}', "until_at"),
        # A name is not said again.
        (r'{"labels": {"\ud800": 1}}', "body"),
        (r'{"a secret": "\ud800"}', "body"),
        (r'"\ud800"', "body"),
        ("[" * 500 + r'"\ud800"' + "]" * 500, "body"),
    ],
)
def test_half_of_a_character_is_refused_by_its_field(sent: str, field: str) -> None:
    with pytest.raises(InvalidError) as refused:
        read_json(sent)

    assert refused.value.fields == {field: "must be a text of whole characters"}


@pytest.mark.parametrize(
    "sent", [r'{"tags": ["\ud83d\ude00"]}', r'{"text": "\\\\ud800"}', "[1, null, 2.5]", '"\u00e4"']
)
def test_what_is_whole_is_read_as_it_is(sent: str) -> None:
    assert read_json(sent) == json.loads(sent)


@pytest.mark.parametrize("sent", ["NaN", "[Infinity]", "[" * 100_000, "1" * 5_000, "{", ""])
def test_what_is_no_json_is_refused(sent: str) -> None:
    with pytest.raises(json.JSONDecodeError):
        read_json(sent)
