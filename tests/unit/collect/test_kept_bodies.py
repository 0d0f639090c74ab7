"""A kept body of a failed event holds no key in base64, and no network address under any name."""

import base64
import json
from urllib.parse import quote

import pytest
from optiq.collect.hiding import Hider
from optiq.collect.kept_bodies import kept_body

KEY = "wk_" + "Ab1-" * 8
AGENT = "Mozilla/5.0 (X11; Linux x86_64) Chrome/126.0.0.0 Safari/537.36"


def kept(body: bytes | str, source: str = "POST /v1/track") -> str:
    hider = Hider(b"secret" * 6, "org_1", kept=True)
    return kept_body(body.encode() if isinstance(body, str) else body, source, "", hider, 32_768).decode()


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _is_clean(text: str, encodings: int = 0) -> bool:
    """Whether neither a text nor any decoding of its words holds the key."""
    if "wk_" in text:
        return False
    for word in text.replace("\\/", "/").replace("%3D", "=").replace('"', " ").split():
        padded = word.rstrip("=") + "=" * (-len(word.rstrip("=")) % 4)
        try:
            decoded = base64.b64decode(padded, altchars=b"-_", validate=True).decode("latin-1")
        except ValueError:
            continue
        if encodings < 4 and not _is_clean(decoded, encodings + 1):
            return False
    return True


@pytest.mark.parametrize("prefix", ["", "x", "xy", "a:"])
@pytest.mark.parametrize(
    "body",
    [
        '{{"event": "E", "header": "Basic {0}"}}',
        '{{"event": "E", "list": [1, {{"any": "{0}"}}]}}',
        '{{"event": "", "{0}": 1}}',
        "no JSON: Authorization: Basic {0}\r\nHost: x",
        "Basic {0}",
        "{0}",
        " {0}\n",
        '{{"cut": "Basic {0}',
    ],
)
def test_a_key_in_base64_is_hidden(body: str, prefix: str) -> None:
    for secret in (encoded(f"{prefix}{KEY}:"), encoded(encoded(f"{prefix}{KEY}:")), encoded(f"{prefix}{KEY}:")[:-6]):
        text = kept(body.format(secret))

        assert secret not in text
        assert "(hidden)" in text
        assert _is_clean(text)


@pytest.mark.parametrize("sign", [("/", "\\/"), ("+", "-"), ("=", "%3D"), ("+", "%2B")])
def test_a_key_in_any_spelling_of_base64_is_hidden(sign: tuple[str, str]) -> None:
    secret = encoded(f"{KEY}:>>>???").replace(*sign)

    assert secret not in kept(json.dumps({"event": "E"})[:-1] + f', "h": "Basic {secret}"}}')
    assert secret not in kept(f"k={secret}&x=1")


def test_a_body_that_is_base64_as_a_whole_holds_nobody() -> None:
    for body in ({"userId": "jane@mail.example"}, {"phone": "+49 151 23456789"}, {"ip": "203.0.113.7"}, {"k": KEY}):
        packed = encoded(json.dumps(body))
        assert kept(packed) == "(hidden)"
        lines = "\r\n".join(packed[start : start + 20] for start in range(0, len(packed), 20))
        assert kept(lines) == "(hidden)"
    assert kept(encoded("nothing of anybody")) == encoded("nothing of anybody")


@pytest.mark.parametrize(
    "text",
    [
        "A-1001-2026-01-01-summer-campaign",
        "/products/long-name-of-some-thing/and/another/path",
        "EAIaIQobChMI4006381333931EALw_wcB",
        "hash:email:4ENH0FS381RYWZEA",
        "b1c2d3e4-1111-2222-3333-444455556666",
    ],
)
def test_what_only_looks_like_base64_stays(text: str) -> None:
    body = json.dumps({"event": "", "properties": {"text": text}})
    assert kept(body) == body
    assert kept(text) == text


@pytest.mark.parametrize(
    "address",
    ["203.0.113.7", "2001:db8::7", "2001:db8:0:0:0:0:0:7", "::ffff:203.0.113.7", "fe80::1", "::1"],
)
@pytest.mark.parametrize(
    "said", ["{}", "from {} today", "http://{}/x", "[{}]", "{}:8080", "{},10.0.0.1", "peer={}", "host={};"]
)
@pytest.mark.parametrize("name", ["seen", "where", "message", "note", "version_of_peer", "x"])
def test_a_network_address_is_hidden_under_any_name(address: str, said: str, name: str) -> None:
    text = kept(json.dumps({"event": "", "properties": {name: said.format(address), "list": [said.format(address)]}}))

    assert address not in text
    assert "203.0.113" not in text
    assert "db8" not in text


@pytest.mark.parametrize(
    "value",
    [
        AGENT,
        "2026-01-01T10:20:30.123Z",
        "10:20:30",
        "1.2.3",
        "49.90",
        "std::vector",
        "v1.2.3.4",
        "A:B:C",
        "00:1b:44:11:3a:b7",
    ],
)
def test_what_is_no_network_address_stays(value: str) -> None:
    body = json.dumps({"event": "", "userAgent": value, "properties": {"text": value}})
    assert json.loads(kept(body))["properties"]["text"] == value


AT_SIGNS = ["&#64;", "&#x40;", "&#064;", "&commat;", "=40", "＠", "%EF%BC%A0"]


@pytest.mark.parametrize("at", [*AT_SIGNS, "\\uff20"])
def test_an_address_is_found_however_its_sign_is_written(at: str) -> None:
    for body in (json.dumps({"event": "", "text": f"to jane.doe{at}mail.example now"}), f"to jane.doe{at}mail.example"):
        assert "jane.doe" not in kept(body), body


@pytest.mark.parametrize("at", AT_SIGNS)
def test_an_address_in_a_query_is_found_however_its_sign_is_written(at: str) -> None:
    said = quote(f"jane.doe{at}mail.example")

    assert "jane.doe" not in kept(f"m={said}")
    assert "jane.doe" not in kept(f"m={said}&k=1", "GET /p.gif")
