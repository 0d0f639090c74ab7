"""What an object's names say of its values: numbers too, in lists of pairs, and in JSON within a text."""

import tracemalloc
from typing import Any

import pytest
from optiq.collect.hiding import Hider

_HIDDEN = "(hidden)"


def hidden(properties: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    warnings: list[str] = []
    event = Hider(b"s" * 32, "org_1").event({"properties": properties}, {}, warnings)
    return event["properties"], warnings


@pytest.mark.parametrize(
    "name", ["password", "otp", "access_token", "pin_code", "password1", "passwords", "userPasswd2"]
)
@pytest.mark.parametrize("value", [73190001, 7319.5, "7319", [7319, "7319"]])
def test_what_is_called_a_secret_is_hidden_whatever_it_is(name: str, value: Any) -> None:
    found, warnings = hidden({name: value})

    assert "7319" not in str(found)
    assert warnings


@pytest.mark.parametrize("value", [True, None])
def test_what_tells_no_secret_stays(value: Any) -> None:
    assert hidden({"has_password": value, "total_tokens": 12, "note": "a@b.example"})[0] | {"note": ""} == {
        "has_password": value,
        "total_tokens": 12,
        "note": "",
    }


@pytest.mark.parametrize(
    "value",
    [
        491731900001.0,
        "0173–1900001",
        "Tel. 0173 1900001",
        "0173 1900001 (mobil)",
        "0173 1900001 / 0173 1900001",
        "0173 1900001 oder 0173 1900001",
        "٠١٧٣١٩٠٠٠٠١",
        "０１７３１９００００１",
        "+49 (0)173 1900001",
    ],
)
@pytest.mark.parametrize("name", ["phone", "billingPhone"])
def test_a_phone_number_is_hidden_however_people_write_it(name: str, value: Any) -> None:
    found, warnings = hidden({name: value})

    assert "phone:" in found[name]
    assert "1900001" not in found[name]
    assert warnings == [f"properties.{name}: a phone number was replaced by its hash"]


@pytest.mark.parametrize(
    "pair", [{"name": "password", "value": "abc"}, {"key": "otp", "value": 7319}, {"name": "api_key", "value": ["abc"]}]
)
def test_a_pair_of_name_and_value_is_read_as_such(pair: dict[str, Any]) -> None:
    found, _ = hidden({"fields": [pair]})

    assert found["fields"][0]["value"] in (_HIDDEN, [_HIDDEN])


def test_an_object_with_a_value_among_others_is_no_pair() -> None:
    product = {"name": "Gift token", "value": 5, "price": 5, "quantity": 1, "sku": "a@b.example"}

    assert hidden({"products": [product]})[0]["products"][0]["value"] == 5


@pytest.mark.parametrize(
    "text", ['{"password":"ab\\"REST"}', '{\\"password\\":\\"REST\\"}', '{"a":"{\\"password\\":\\"REST\\"}"}']
)
def test_json_within_a_text_is_read_to_its_end(text: str) -> None:
    assert "REST" not in hidden({"payload": text})[0]["payload"]


def test_many_finds_below_a_long_name_take_no_more_memory_than_they_have() -> None:
    # GIVEN 3,000 addresses below a name of 30,000 characters
    properties = {"n" * 30_000: ["x@y.example"] * 3_000}
    tracemalloc.start()
    try:
        found, warnings = hidden(properties)
        _, most_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    # THEN all are hidden, some are told of, and memory holds no copy of the name for each
    assert "x@y.example" not in str(found)
    assert len(warnings) == 1_000
    assert most_bytes < 3_000_000
