"""Addresses, numbers and secrets are found however they are written, and nothing else is touched."""

import re
import sys
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from optiq.collect.personal_data import EMAIL, PHONE, SECRET, Texts, may_hold
from optiq.kernel.secrets import identity_hash

from infra.local.sample.traffic import traffic

_SECRET = b"s" * 32
_ORGANIZATION = "org_1"


def hidden(text: str) -> tuple[str, set[str]]:
    found: set[str] = set()
    return Texts(_SECRET, _ORGANIZATION).hidden(text, found), found


def email(address: str) -> str:
    return f"email:{identity_hash(_SECRET, _ORGANIZATION, 'email', address)[:16]}"


def phone(number: str) -> str:
    return f"phone:{identity_hash(_SECRET, _ORGANIZATION, 'phone', number)[:16]}"


JANE = email("jane.doe@example.com")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("jane.doe@example.com", JANE),
        (" Jane.Doe@Example.COM ", JANE),
        ("Hello jane.doe@example.com, welcome", f"Hello {JANE}, welcome"),
        ("mailto:jane.doe@example.com?subject=Hi", f"mailto:{JANE}?subject=Hi"),
        ("Jane <jane.doe@example.com>", f"Jane <{JANE}>"),
        ("https://a.example/?email=jane.doe@example.com&x=1", f"https://a.example/?email={JANE}&x=1"),
        ("https://a.example/?email=jane.doe%40example.com&x=1", f"https://a.example/?email={JANE}&x=1"),
        ("https://a.example/?email=jane.doe%2540example.com&x=1", f"https://a.example/?email={JANE}&x=1"),
        ("https://a.example/?email=jane%252Edoe%252540example%252Ecom", f"https://a.example/?email={JANE}"),
        ("https://a.example/u/jane.doe@example.com/orders", f"https://a.example/u/{JANE}/orders"),
        ("https://a.example/#/u?mail=jane.doe%40example.com", f"https://a.example/#/u?mail={JANE}"),
        ("https://a.example/;mail=jane.doe@example.com;b=1", f"https://a.example/;mail={JANE};b=1"),
        ("a=1&b=jane.doe@example.com", f"a=1&b={JANE}"),
        ("/x?m=jane+tag%40example.com", f"/x?m={email('jane+tag@example.com')}"),
        ("/x?m=jane%2Btag%40example.com", f"/x?m={email('jane+tag@example.com')}"),
        ("/x?m=jane+tag@example.com", f"/x?m={email('jane+tag@example.com')}"),
        ("/x?next=%2Fy%3Fmail%3Djane.doe%40example.com%26b%3D1", f"/x?next=%2Fy%3Fmail%3D{JANE}%26b%3D1"),
        ('{"a":"jane.doe@example.com"}', f'{{"a":"{JANE}"}}'),
        ('{"a":"jane.doe\\u0040example.com"}', f'{{"a":"{JANE}"}}'),
        ("jörg@müller.example", email("jörg@müller.example")),
        ("o'brien@example.com", email("o'brien@example.com")),
        ("'jane.doe@example.com'!", f"'{JANE}'!"),
        *((f"jane.doe{at}example.com", JANE) for at in ("&#64;", "&#x40;", "&#064;", "&commat;", "=40", "＠")),
        ("Write to jane.doe=40example.com, please", f"Write to {JANE}, please"),
        ("https://a.example/?email=jane.doe=40example.com&x=1", f"https://a.example/?email={JANE}&x=1"),
        ("https://a.example/?email=jane.doe%EF%BC%A0example.com&x=1", f"https://a.example/?email={JANE}&x=1"),
        ("https://a.example/?email=jane.doe%26%2364%3Bexample.com", f"https://a.example/?email={JANE}"),
        ("https://a.example/u/jane.doe&#64;example.com", f"https://a.example/u/{JANE}"),
        ("order jane.doe@example.com.12", f"order {JANE}.12"),
        *((f"jane.doe{at}example.com", JANE) for at in ("﹫", "%u0040", "&amp;#64;", "&amp;amp;commat;")),
        *((f"jane.doe@example{stop}com", JANE) for stop in "。．｡"),
    ],
)
def test_an_address_is_replaced_by_its_hash(text: str, expected: str) -> None:
    replaced, found = hidden(text)

    assert unquote(replaced) == unquote(expected)
    assert found == {EMAIL}
    assert hidden(replaced) == (replaced, set())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+49 151 2345678", phone("+491512345678")),
        ("Call +49 (151) 234-5678 now", f"Call {phone('+491512345678')} now"),
        ("+49 (0)151 / 2345678", phone("+491512345678")),
        ("Call +49 – 151 – 2345678", f"Call {phone('+491512345678')}"),
        ("/x?phone=0151%E2%80%932345678", f"/x?phone={phone('01512345678')}"),
        ("Call 0049 151 2345678", f"Call {phone('+491512345678')}"),
        ("tel:+49-151-2345678", f"tel:{phone('+491512345678')}"),
        ("tel:0151-2345678", f"tel:{phone('01512345678')}"),
        ("https://wa.me/491512345678?text=Hi", f"https://wa.me/{phone('491512345678')}?text=Hi"),
        ("/x?q=%2B491512345678", f"/x?q={phone('+491512345678')}"),
        ("/x?phone=%2B49%20151%202345678&b=1", f"/x?phone={phone('+491512345678')}&b=1"),
        ("/x?phone=+49+151+2345678&b=1", f"/x?phone={phone('491512345678')}&b=1"),
        ("/x?mobile=0151%2F2345678", f"/x?mobile={phone('01512345678')}"),
        ("/x?customer%5Bphone_number%5D=01512345678", f"/x?customer%5Bphone_number%5D={phone('01512345678')}"),
        ("/x?billingPhone=491512345678#a", f"/x?billingPhone={phone('491512345678')}#a"),
        ("/x#tel=0151.2345678", f"/x#tel={phone('01512345678')}"),
        ("/x?phone=%2B1%20%28555%29%20123-4567", f"/x?phone={phone('+15551234567')}"),
    ],
)
def test_a_phone_number_is_replaced_by_its_hash(text: str, expected: str) -> None:
    replaced, found = hidden(text)

    assert unquote(replaced) == unquote(expected)
    assert found == {PHONE}
    assert hidden(replaced) == (replaced, set())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/reset?token=abc123&x=1", "/reset?token=(hidden)&x=1"),
        ("/reset?reset_password_token=abc", "/reset?reset_password_token=(hidden)"),
        ("/x#access_token=ey.a.b&expires_in=3600", "/x#access_token=(hidden)&expires_in=3600"),
        ("/x?user%5Bpassword%5D=hunter2", "/x?user%5Bpassword%5D=(hidden)"),
        ("/x?user[passwd]=hunter2", "/x?user[passwd]=(hidden)"),
        ("/x?password=ab;cd&b=1", "/x?password=(hidden)&b=1"),
        ("/x?token[]=ab&tokens=1", "/x?token[]=(hidden)&tokens=1"),
        ("/x?user[password][new]=ab", "/x?user[password][new]=(hidden)"),
        ("/x?user%5Bpassword%5D%5Bnew%5D=ab", "/x?user%5Bpassword%5D%5Bnew%5D=(hidden)"),
        ("Authorization: Bearer mF_9.B5f-4.1JqM000", "Authorization: Bearer (hidden)"),
        ("/x?password2=ab", "/x?password2=(hidden)"),
        ("/x;jsessionid=AB12?a=1", "/x;jsessionid=(hidden)"),
        ("/x?PHPSESSID=ab12&sid=9f", "/x?PHPSESSID=(hidden)&sid=(hidden)"),
        (
            "/x?X-Amz-Signature=ab&X-Amz-Date=20260101T000000Z",
            "/x?X-Amz-Signature=(hidden)&X-Amz-Date=20260101T000000Z",
        ),
        ("/x?apiKey=k1&api_secret=s1", "/x?apiKey=(hidden)&api_secret=(hidden)"),
        ("/x?next=%2Fy%3Ftoken%3Dabc%26b%3D1", "/x?next=%2Fy%3Ftoken%3D(hidden)%26b%3D1"),
        *(
            (f"/x?{name}=abc&b=1", f"/x?{name}=(hidden)&b=1")
            for name in (
                *(
                    "reset_key",
                    "resetKey",
                    "reset-key",
                    "user_activation_key",
                    "verification_key",
                    "secret_key",
                    "authkey",
                ),
                *(
                    "reset_code",
                    "verificationCode",
                    "login_code",
                    "confirm_code",
                    "auth_code",
                    "otp_code",
                    "backup_code",
                ),
                *("reset_secret", "mail_token", "invitation_token", "magicLinkToken", "sign_in_code", "loginkey"),
            )
        ),
        ("/cb?code=4/P7q7&state=xyz", "/cb?code=(hidden)&state=xyz"),
        ("https://jane:hunter2@a.example/x", "https://a.example/x"),
        ("https://a.example/?k=wk_" + "Ab1-" * 8, "https://a.example/?k=(hidden)"),
    ],
)
def test_a_secret_is_hidden(text: str, expected: str) -> None:
    replaced, found = hidden(text)

    assert unquote(replaced) == unquote(expected)
    assert found == {SECRET}
    assert hidden(replaced) == (replaced, set())


@pytest.mark.parametrize(
    "text",
    [
        *("A-1001", "0012345678", "004930123456", "4006381333931", "1767225600123", "+49", "1234567890.1700000000"),
        *(
            "2026-01-01T10:20:30+10:00",
            "2026-01-01T00:00:00.000+0200",
            "+48.85661234",
            "+1.000.000",
            "49.90",
            "1.234,56",
        ),
        *(
            "https://a.example/p/0049301234567",
            "https://a.example/?q=nike+12345678",
            "https://a.example/?order=00491512345678",
        ),
        *("https://medium.example/@jane/post", "https://maps.example/@52.5200066,13.404954,15z", "logo@2x.png"),
        *(
            "https://cdn.example/react@17.0.2/umd/react.js",
            "a @ b",
            "50% @ checkout",
            "https://a.example/i@3x.webp?w=1",
        ),
        *(
            "https://a.example/?code=SUMMER25",
            "https://a.example/?promo_code=SUMMER25&coupon_code=A1&postal_code=10115&country_code=DE&zipcode=1",
            "https://a.example/?sort_key=price&public_key=pk1&cache_key=ab&product_key=x&keycode=13&monkey=1",
            "https://a.example/?domain=40plus.de&width=400&size=40.5&a&#640;b",
            "https://a.example/?utm_content=token",
            "https://a.example/?tokens",
            "/x?token=",
        ),
        *(
            "/x?phone=iPhone%2015",
            "/x?phone_model=12345678",
            "/x?mobile=true",
            "/x?hotel=12345678",
            "/x?mobile_app_id=1234567890",
        ),
        *("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Mobile/15E148", "Bot/1.0 (+http://bot.example/info)"),
        *(
            "https://a.example/?x=100%25&y=a%2Bb%3Dc",
            "ok_button_pressed_on_the_first_page_again",
            "&token;",
            "C:\\u0041",
        ),
        *("https://a.example/?utm_source=a&gclid=EAIaIQobChMI4006381333931&utm_term=oak+board", "user@localhost"),
    ],
)
def test_what_is_none_of_it_stays(text: str) -> None:
    assert hidden(text) == (text, set())


def test_encodings_within_encodings_take_no_more_work_than_their_length() -> None:
    # GIVEN a text in which each of three encodings hides another
    once = "\\u005cu005cu005cu0041%252525252541&#64;"

    def calls(text: str) -> int:
        made = 0

        def count(_frame: object, event: str, _argument: object) -> None:
            nonlocal made
            made += event == "call"

        sys.setprofile(count)
        try:
            hidden(text)
        finally:
            sys.setprofile(None)
        return made

    assert calls(once * 400) < 10 * 400 + 100


def test_the_traffic_of_the_sample_stays_as_it_is() -> None:
    texts = set()
    for message in traffic(7, 1_767_225_600_000):
        page = message["context"].get("page", {})
        texts |= {*page.values(), message["context"].get("userAgent", ""), message.get("messageId", "")}
        texts |= {value for value in message.get("properties", {}).values() if isinstance(value, str)}

    assert len(texts) > 10_000
    assert [text for text in texts if hidden(text) != (text, set())] == []


_LOCALS = st.from_regex(r"[a-z0-9]{1,8}([.+_-][a-z0-9]{1,8}){0,2}", fullmatch=True)
_DOMAINS = st.from_regex(r"[a-z0-9]{1,8}(\.[a-z0-9]{1,8})?\.(com|de|info|co\.uk)", fullmatch=True)
_AROUND = st.text(st.sampled_from("abc XY09.,;:!?&=#/()[]{}<>%+-_'\"\\@"), max_size=12)


@given(_AROUND, _LOCALS, _DOMAINS, _AROUND, st.integers(0, 3))
def test_no_address_remains_whatever_stands_around_it(
    before: str, local: str, domain: str, after: str, encodings: int
) -> None:
    address = f"{local}@{domain}"
    written = address
    for _ in range(encodings):
        written = quote(written, safe="")

    replaced, found = hidden(f"{before}{written}{after}")

    for _ in range(encodings + 1):
        assert address not in replaced
        replaced = unquote(replaced)
    assert found


@given(st.text(max_size=60))
def test_a_text_that_is_passed_over_holds_no_address(text: str) -> None:
    if not may_hold(text):
        assert not re.search(r"\w@\w+\.\w", text)


@pytest.mark.parametrize(
    "text",
    [
        *("a" * 200_000 + "@", "@" * 50_000, "a@" * 50_000, "%40" * 50_000, "%25" * 50_000 + "40"),
        *("\\u005cu0040" * 5_000, "%5Cu00255Cu0025" * 5_000, "a.b@" + "c." * 50_000, "+1" + " 1" * 50_000),
        *("token=" * 20_000, "phone" * 20_000 + "=1", '"' * 50_000 + "@a.de", "a=b&" * 50_000 + "@"),
        *("tel" * 30_000 + "=", "phone" * 20_000 + "=", "phone[" * 20_000 + "@", "a@" + "b-" * 60_000),
        *("wk_" * 40_000, "ok_a-" * 30_000 + "A"),
        *("tel:1 " * 20_000, "\\u0025" * 10_000 + "@"),
    ],
    ids=lambda text: text[:16],
)
def test_no_text_takes_long(text: str) -> None:
    import time

    started = time.process_time()
    hidden(text)

    # Linear: a text whose work grew with its square would take a hundred times as long.
    assert time.process_time() - started < 5
