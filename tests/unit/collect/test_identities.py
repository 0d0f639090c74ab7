"""Which identifiers name a person, each in one spelling; and what names nobody."""

from typing import Any

import pytest
from optiq.collect.identities import google_client_id, known_id, more_identifiers


@pytest.mark.parametrize("said", ["Ada@Example.com ", "ada@example.com", "ADA@EXAMPLE.COM"])
def test_an_address_has_one_spelling(said: str) -> None:
    assert more_identifiers({"email": said}, None) == (("email", "ada@example.com"),)


@pytest.mark.parametrize("said", ["123.456", " 123.456 ", "GA1.1.123.456", "GA1.2.123.456", "GA1.3-2.123.456"])
def test_googles_client_id_is_the_same_within_its_cookie(said: str) -> None:
    assert google_client_id(said) == "123.456"
    assert more_identifiers(None, [{"type": "ga_client_id", "id": said}]) == (("ga_cid", "123.456"),)


@pytest.mark.parametrize("said", ["GA1.2.undefined", "GA1.1.", "GA1.1.null.null", "undefined.undefined", "", "GA1.1.0"])
def test_googles_cookie_without_an_id_names_nobody(said: str) -> None:
    assert google_client_id(said) == known_id(said) == ""


@pytest.mark.parametrize("said", ["+49 30 1234567", "0049-30-1234567", "+49 (30) 123 45 67"])
def test_a_phone_number_has_one_spelling(said: str) -> None:
    assert more_identifiers({"phone": said}, None) == (("phone", "+49301234567"),)


@pytest.mark.parametrize(
    "traits",
    [
        {"email": "ada"},
        {"email": "@example.com"},
        {"email": "a@b"},
        {"email": "a" * 300 + "@example.com"},
        {"email": 7},
        {"phone": "030 1234567"},
        {"phone": "+1"},
        {"phone": "+" + "1" * 16},
        {"phone": 49301234567},
        [],
        "ada@example.com",
        None,
    ],
)
def test_what_is_no_address_or_no_international_number_names_nobody(traits: object) -> None:
    assert more_identifiers(traits, None) == ()


def test_googles_client_id_is_known_by_each_of_its_names_and_other_types_are_customs() -> None:
    ids: list[Any] = [
        {"type": "ga_client_id", "id": "1.2"},
        {"type": "GA_CID", "id": "1.2"},
        {"type": "loyalty_card", "id": "77"},
        {"type": "crm", "id": "77"},
    ]

    assert more_identifiers(None, ids) == (("ga_cid", "1.2"), ("custom", "loyalty_card:77"), ("custom", "crm:77"))


@pytest.mark.parametrize(
    "entry",
    [None, "x", {}, {"type": "crm"}, {"type": "crm", "id": 7}, {"type": "crm", "id": "null"}, {"type": 1, "id": "7"}],
)
def test_an_external_id_of_another_shape_names_nobody(entry: object) -> None:
    assert more_identifiers(None, [entry]) == ()


def test_only_the_first_ten_external_ids_are_looked_at() -> None:
    ids = [{"type": "crm", "id": str(number)} for number in range(1, 1_000)]

    assert len(more_identifiers(None, ids)) == 10


NO_MAILBOXES = [
    *("noemail@shop.example", "no-email@shop.example", "No.Email@shop.example", "none@shop.example", "null@x.example"),
    *("test@example.com", "unknown@example.com", "na@x.example", "N/A@x.example", "guest@shop.example"),
    *("noreply@shop.example", "no-reply@shop.example", "do_not_reply@shop.example", "undefined@undefined.example"),
    *("ada@null.com", "ada@none.com", "ada@NoEmail.com", "ada@test.com", "ada@no-email.com", "ada@shop.invalid"),
]


@pytest.mark.parametrize("address", NO_MAILBOXES)
def test_mail_address_of_nobody_names_nobody(address: str) -> None:
    assert more_identifiers({"email": address}, None) == ()
    assert known_id(address) == ""
    assert more_identifiers(None, [{"type": "email", "id": address}]) == ()


@pytest.mark.parametrize(
    "address",
    [
        *("ada@example.com", "tess.user@example.com", "testa@example.com", "ada@example.org", "ada+test@example.com"),
        *("guesthouse@shop.example", "nona@shop.example", "ada@testing.com", "ada@mynone.com", "1@shop.example"),
    ],
)
def test_mail_address_of_a_person_is_kept(address: str) -> None:
    assert more_identifiers({"email": address}, None) == (("email", address),)
    assert known_id(address) == address


@pytest.mark.parametrize(
    "number",
    ["+10000000000", "+1 111 111 1111", "0049 000 0000000", "+44 7777777777", "+353 00 000 000", "+99999999999"],
)
def test_phone_number_of_one_digit_names_nobody(number: str) -> None:
    assert more_identifiers({"phone": number}, None) == ()


@pytest.mark.parametrize("number", ["+4930000001", "+12000000000", "+4915111111111", "+35312222222", "+4911111112"])
def test_phone_number_of_several_digits_is_kept(number: str) -> None:
    assert more_identifiers({"phone": number}, None) == (("phone", number),)


@pytest.mark.parametrize("said", ["Guest User", "guest_user", "test user", "testuser", "TestUser", "Guest Checkout"])
def test_user_that_stands_for_everybody_without_an_account_is_nobody(said: str) -> None:
    assert known_id(said) == ""


@pytest.mark.parametrize("said", ["", " ", "0", "-1", "NULL", "undefined", "None", "guest", "[object Object]"])
def test_an_id_that_broken_senders_give_to_everybody_is_nobodys(said: str) -> None:
    assert known_id(said) == ""
