"""Requests and answers take the form API Gateway gives them (events/samples/http_request.json)."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from infra.local.http_event import add_body, from_response, to_authorizer_event, to_event

SAMPLE: dict[str, Any] = json.loads(
    (Path(__file__).parents[3] / "events" / "samples" / "http_request.json").read_text()
)


def scope(**changes: Any) -> dict[str, Any]:
    return {
        "type": "http",
        "method": "POST",
        "path": "/b",
        "query_string": b"",
        "http_version": "1.1",
        "headers": [(b"Host", b"localhost:8080"), (b"User-Agent", b"Mozilla/5.0")],
        "client": ("192.0.2.7", 5000),
        **changes,
    }


def event(body: bytes = b"", parameters: dict[str, str] | None = None, **changes: Any) -> dict[str, Any]:
    made = to_event(scope(**changes), "request-1", "POST /b", parameters or {})
    add_body(made, body)
    return made


def with_type(media_type: bytes, *more: tuple[bytes, bytes]) -> list[tuple[bytes, bytes]]:
    return [(b"content-type", media_type), *more]


def test_event_has_the_fields_of_the_sample() -> None:
    made = event(
        b"{}",
        {"site_id": "s"},
        query_string=b"limit=10&tag=a&tag=b",
        headers=[(b"cookie", b"first=1; second=2"), (b"content-type", b"application/json")],
    )

    assert made.keys() == SAMPLE.keys()
    assert made["requestContext"].keys() == SAMPLE["requestContext"].keys() - {"authorizer"}
    assert made["requestContext"]["http"].keys() == SAMPLE["requestContext"]["http"].keys()
    assert {name: type(value) for name, value in made.items()} == {name: type(value) for name, value in SAMPLE.items()}


def test_request_context_tells_who_asked() -> None:
    context = event()["requestContext"]
    assert context["http"] == {
        "method": "POST",
        "path": "/b",
        "protocol": "HTTP/1.1",
        "sourceIp": "192.0.2.7",
        "userAgent": "Mozilla/5.0",
    }
    assert (context["requestId"], context["routeKey"], context["stage"]) == ("request-1", "POST /b", "$default")


def test_repeated_query_parameters_are_joined_by_commas_and_decoded() -> None:
    made = event(query_string=b"tag=a&tag=b%20c&empty=")
    assert made["queryStringParameters"] == {"tag": "a,b c", "empty": ""}
    assert made["rawQueryString"] == "tag=a&tag=b%20c&empty="


def test_what_is_absent_has_no_field() -> None:
    assert not {"body", "cookies", "queryStringParameters", "pathParameters"} & event().keys()


def test_headers_are_lower_case_joined_and_without_cookies() -> None:
    made = event(headers=[(b"X-Two", b"1"), (b"x-two", b"2"), (b"Cookie", b"a=1; b=2"), (b"cookie", b"c=3")])
    assert made["headers"] == {"x-two": "1,2"}
    assert made["cookies"] == ["a=1", "b=2", "c=3"]


@pytest.mark.parametrize(
    "media_type", [b"text/plain;charset=UTF-8", b"application/json", b"application/problem+json", b"TEXT/HTML"]
)
def test_text_stays_text(media_type: bytes) -> None:
    made = event('{"ä": 1}'.encode(), headers=with_type(media_type))
    assert (made["body"], made["isBase64Encoded"]) == ('{"ä": 1}', False)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"\xff\xfe", with_type(b"application/json")),
        (b"plain", with_type(b"application/octet-stream")),
        (b"plain", []),
        (b"packed", with_type(b"application/json", (b"content-encoding", b"gzip"))),
    ],
)
def test_everything_else_is_base64(body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    made = event(body, headers=headers)
    assert made["isBase64Encoded"] is True
    assert base64.b64decode(made["body"]) == body


def test_authorizer_event_carries_what_the_authorizer_judges() -> None:
    made = to_authorizer_event(event(headers=[(b"Authorization", b"Bearer ok_1")]))
    assert made["type"] == "REQUEST"
    assert made["identitySource"] is None
    assert made["headers"]["authorization"] == "Bearer ok_1"
    assert "body" not in made


def test_binary_answers_are_decoded() -> None:
    answer = from_response({"statusCode": 200, "body": base64.b64encode(b"GIF89a").decode(), "isBase64Encoded": True})
    assert answer.body == b"GIF89a"


def test_each_cookie_is_a_header() -> None:
    answer = from_response({"statusCode": 204, "headers": {"X-A": 1}, "cookies": ["a=1", "b=2"]})
    assert answer.headers == [(b"x-a", b"1"), (b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")]


def test_an_answer_without_status_is_a_json_body() -> None:
    answer = from_response({"hello": "world"})
    assert (answer.status, answer.body) == (200, b'{"hello": "world"}')


def test_a_body_that_is_no_text_is_refused() -> None:
    with pytest.raises(TypeError):
        from_response({"statusCode": 200, "body": {"not": "text"}})
