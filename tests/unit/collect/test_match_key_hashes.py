"""The hashes that Google, Meta and TikTok expect (their documentation's examples and those of their clients)."""

import base64
import hashlib

import pytest
from optiq.collect.identities import phone_number
from optiq.collect.match_keys.hashing import country, fbc_of, google_email, meta_phone, plain_email, sha256

E_MAILS = [
    (
        "alexz@example.com",
        "509e933019bb285a134a9334b8bb679dff79d0ce023d529af4bd744d47b4fd8a",
        "509e933019bb285a134a9334b8bb679dff79d0ce023d529af4bd744d47b4fd8a",
    ),
    (
        " Jefferson.Loves.hiking@gmail.com ",
        "515d2f967f73864e76937ab2b897210a86fd286016903b1b08c3da07c75f513e",
        "509dd4aaa1f05ca65540d59db001a87efb037e13ff33b628cf34ca7f468dd09e",
    ),
    (
        "Jane.Doe+shop@gmail.com",
        "3037d7b4a791c60878b60f6a2c1c3d5acef0746e4dc143c0f1ee8a3f2e94d546",
        "12122421314e3c02d8acd5467f1266e839588a1ea2e4da1c2ab81036b7cd62e5",
    ),
]
PHONES = [
    (
        "+1 (800) 555-0100",
        "fb4f73a6ec5fdb7077d564cdd22c3554b43ce49168550c3b12c547b78c517b30",
        "92cfdc5fbcd4a20fbe5d3857af6c1aba31762105bba7f21a17155e920653046c",
    ),
    (
        "+44 113 496 0987",
        "0fac52d27ec377f8ad2f9de75d1f9bace693237e31868ae6f4616b8bbd0e94fb",
        "0d0bdab1b69302da54eab62fafae55faadba503c4a51b870a57a34959d645be9",
    ),
]


@pytest.mark.parametrize(("email", "of_google", "of_others"), E_MAILS)
def test_an_email_is_hashed_by_the_rules_of_each_platform(email: str, of_google: str, of_others: str) -> None:
    assert sha256(google_email(email)) == of_google
    assert sha256(plain_email(email)) == of_others


def test_a_hash_in_base64_is_the_one_that_data_manager_documents() -> None:
    digest = hashlib.sha256(google_email("alexz@example.com").encode()).digest()

    assert base64.b64encode(digest).decode() == "UJ6TMBm7KFoTSpM0uLtnnf950M4CPVKa9L10TUe0/Yo="


@pytest.mark.parametrize(("phone", "with_plus", "of_meta"), PHONES)
def test_a_phone_number_is_hashed_by_the_rules_of_each_platform(phone: str, with_plus: str, of_meta: str) -> None:
    number = phone_number(phone)

    assert sha256(number) == with_plus
    assert sha256(meta_phone(number)) == of_meta


def test_a_country_and_an_external_id_keep_what_their_platforms_compare() -> None:
    assert sha256(country("US")) == "79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621"
    assert sha256("testId123").startswith("d29ec8c1")


def test_a_click_id_is_unchanged_in_fbc_with_the_instant_of_the_click() -> None:
    fbclid = "aZ09_-" * 66 + "AbCd"

    assert fbc_of(1_760_000_000_123, fbclid) == f"fb.1.1760000000123.{fbclid}"
    assert fbc_of(1_760_000_000_123, "") == ""
