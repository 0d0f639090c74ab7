"""What the command line does when a system answers badly, elsewhere, or not at all."""

import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from optiq_cli.client import ApiError, Client
from optiq_cli.connection import System

from tests.functional.cli.bad_server import CUT, Answer, BadServer
from tests.functional.cli.runner import optiq

KEY = "ok_secretsecretsecret"
PAGE = (200, {}, {"items": [], "cursor": None})
HTML = {"content-type": "text/html; charset=utf-8"}
PROBLEM = {"content-type": "application/problem+json", "x-request-id": "abc-1"}
LIMITED = {"type": "about:blank", "status": 429, "code": "LIMIT_EXCEEDED", "detail": "wait"}
MISTAKE = {"detail": "2 mistakes", "code": "INVALID", "fields": [{"field": "name", "message": "too long"}]}
ELSEWHERE = "https://elsewhere.example/"
CHECK = "check the address, and that the system runs"
NO_ANSWER = "which is no answer of Optiq's API"


@pytest.fixture
def client() -> Iterator[Callable[..., Client]]:
    made: list[Client] = []

    def make(*arguments: Any) -> Client:
        made.append(Client(*arguments))
        return made[-1]

    yield make
    for each in made:
        each.close()


def _list(server: BadServer, *arguments: str) -> tuple[int, str, str]:
    done = optiq("conversions", "site_1", *arguments, OPTIQ_URL=server.url, OPTIQ_API_KEY=KEY)
    return done.exit_code, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        ((500, HTML, "<html>oops</html>"), f"answers 500 Internal Server Error with text/html, {NO_ANSWER}"),
        ((200, HTML, "<html>hello</html>"), f"answers 200 OK with text/html, {NO_ANSWER}: check --url"),
        ((200, {}, "[1]"), f"answers 200 OK with application/json, {NO_ANSWER}"),
        ((200, {}, "{"), NO_ANSWER),
        ((500, {}, {"title": "Internal error", "code": "INTERNAL"}), "Internal error (INTERNAL)"),
        ((403, {}, {"message": "Forbidden"}), "Forbidden; the key is unknown, revoked or expired"),
        ((403, {}, {"detail": "this needs the permission 'x'", "code": "FORBIDDEN"}), "'x' (FORBIDDEN)"),
        ((401, {}, {"detail": "no", "code": "UNAUTHENTICATED"}), "no; the key is unknown, revoked or expired"),
        ((400, PROBLEM, MISTAKE), "2 mistakes; name: too long (INVALID, request abc-1)"),
        ((400, {}, {"detail": "x", "type": "https://e.example/t"}), "x (https://e.example/t)"),
        ((409, {}, {"detail": "two\nlines \x1b[31mred", "code": "CONFLICT"}), "two lines [31mred (CONFLICT)"),
        ((418, {}, ""), "answers 418 I'm a Teapot"),
        ((599, {}, ""), "answers 599 with"),
        (CUT, "cut the connection; try again"),
        ((302, {"location": ELSEWHERE}, ""), f"redirects to {ELSEWHERE}: give that address"),
    ],
)
def test_bad_answer_is_one_line_and_exit_code_1(answer: Answer, line: str) -> None:
    with BadServer(answer) as server:
        code, shown, errors = _list(server)

    assert (code, shown) == (1, "")
    assert errors.startswith("Error: ")
    assert line in errors
    assert errors.count("\n") == 1
    assert "\x1b" not in errors


def test_redirect_never_carries_the_key_elsewhere() -> None:
    with BadServer(PAGE) as other:
        for status in (301, 302, 303, 307, 308):
            with BadServer((status, {"location": f"{other.url}/v1/x"}, "")) as server:
                assert _list(server)[0] == 1

    assert other.requests == []


def test_key_is_shown_in_no_error() -> None:
    echoed = {"detail": f"the key {KEY} is no good", "code": "UNAUTHENTICATED"}
    with BadServer((401, {}, echoed)) as server:
        _, shown, errors = _list(server)

    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in shown + errors
    assert "the key … is no good" in errors


@pytest.mark.parametrize("status", [429, 503])
def test_get_waits_as_long_as_the_answer_says(status: int, client: Callable[..., Client]) -> None:
    waited: list[float] = []
    with BadServer((status, {"retry-after": "7"}, LIMITED), (status, {"retry-after": "2"}, LIMITED), PAGE) as server:
        found = client(server.url, lambda: KEY, waited.append).get("/v1/sites")

    assert found["items"] == []
    assert waited == [7, 2]


def test_post_is_repeated_only_when_it_was_refused(client: Callable[..., Client]) -> None:
    waited: list[float] = []
    unavailable = {"detail": "the table does not answer", "code": "UPSTREAM"}
    with BadServer((503, {"retry-after": "1"}, unavailable), (201, {}, {"a": 1})) as server:
        sender = client(server.url, lambda: KEY, waited.append)
        with pytest.raises(ApiError, match="the table does not answer"):
            sender.post("/v1/sites", {})
        assert (len(server.requests), waited) == (1, [])
    with BadServer((429, {"retry-after": "1"}, LIMITED), (201, {}, {"a": 1})) as server:
        assert client(server.url, lambda: KEY, waited.append).post("/v1/sites", {}) == {"a": 1}
    assert waited == [1]


@pytest.mark.parametrize(("after", "times"), [("1", 4), ("3600", 1), ("soon", 1), ("-5", 1), ("", 1)])
def test_limit_that_lasts_is_an_error_with_the_time_to_wait(
    after: str, times: int, client: Callable[..., Client]
) -> None:
    waited: list[float] = []
    headers = {"retry-after": after} if after else {}
    with BadServer((429, headers, LIMITED)) as server, pytest.raises(ApiError) as raised:
        client(server.url, lambda: KEY, waited.append).get("/v1/sites")

    assert (len(server.requests), len(waited)) == (times, times - 1)
    assert raised.value.code == "LIMIT_EXCEEDED"
    assert (f"try again in {after} seconds" in raised.value.message) == bool(after)


def test_post_that_was_cut_off_says_that_it_may_be_done(client: Callable[..., Client]) -> None:
    with BadServer(CUT) as server, pytest.raises(ApiError, match="it may have done it: look before you repeat it"):
        client(server.url, lambda: KEY).post("/v1/sites", {})
    assert len(server.requests) == 1


def test_address_where_nobody_answers_is_one_line() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    done = optiq("org", "list", OPTIQ_URL=f"http://127.0.0.1:{port}", OPTIQ_API_KEY="op_1..x")

    assert done.exit_code == 1
    assert done.stderr == f"Error: http://127.0.0.1:{port} does not answer: {CHECK}\n"


@pytest.mark.parametrize(
    "url",
    [
        "optiq.example",
        "ftp://optiq.example",
        "http://",
        "http://a:b@optiq.example",
        "http://x.example?a=1",
        "http://[::1",
        "http://x.example:port",
    ],
)
def test_address_that_is_none_is_wrong_usage(url: str) -> None:
    done = optiq("--url", url, "--api-key", KEY, "org", "list")

    assert done.exit_code == 2
    assert "--url: " in done.stderr


@pytest.mark.parametrize("key", ["two words", "line\nbreak", "schlüssel"])
def test_key_that_can_be_none_is_not_sent(key: str) -> None:
    with BadServer(PAGE) as server:
        done = optiq("--url", server.url, "--api-key", key, "org", "list")

    assert (done.exit_code, server.requests) == (2, [])
    assert key not in done.stderr


@pytest.mark.parametrize(
    ("host", "warned"), [("optiq.example", True), ("10.0.0.1", True), ("localhost", False), ("[::1]", False)]
)
def test_address_without_encryption_is_warned_of_unless_it_is_here(host: str, warned: bool) -> None:
    import click
    from optiq_cli.main import main

    context = click.Context(main)
    context.meta["optiq_cli.url"] = (f"http://{host}", True)
    context.meta["optiq_cli.api_key"] = (KEY, True)
    with context, pytest.MonkeyPatch.context() as patched:
        lines: list[str] = []
        patched.setattr(click, "echo", lambda text, **_: lines.append(text))
        System()

    assert ("Use https" in "".join(lines)) == warned


def test_what_is_typed_goes_before_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("ok_file\n")
    with BadServer(PAGE) as server:
        for options in (
            ["--api-key", "ok_typed"],
            ["--api-key-file", str(file)],
            [],
        ):
            optiq("conversions", "s", *options, OPTIQ_URL=server.url, OPTIQ_API_KEY="ok_environment")
            optiq(*options, "conversions", "s", OPTIQ_URL=server.url, OPTIQ_API_KEY="ok_environment")
        both = optiq("--api-key", "ok_a", "--api-key-file", str(file), "conversions", "s", OPTIQ_URL=server.url)

    sent = [each.headers["authorization"].removeprefix("Bearer ") for each in server.requests]
    assert sent == ["ok_typed"] * 2 + ["ok_file"] * 2 + ["ok_environment"] * 2
    assert (both.exit_code, "either --api-key or --api-key-file" in both.stderr) == (2, True)


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe"])
def test_key_file_without_a_key_is_wrong_usage(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "key"
    if content is not None:
        file.write_bytes(content)
    done = optiq("--url", "http://127.0.0.1:1", "--api-key-file", str(file), "org", "list")

    assert (done.exit_code, f"--api-key-file: {file}" in done.stderr) == (2, True)


def test_cursors_lead_through_all_pages_up_to_the_limit(client: Callable[..., Client]) -> None:
    def page(number: int, cursor: str | None) -> Answer:
        return 200, {}, {"items": [{"n": number + each} for each in range(100)], "cursor": cursor}

    with BadServer(page(0, "a b"), page(100, "c"), page(200, None)) as server:
        listed = client(server.url, lambda: KEY).listed("/v1/things", 150, name="x & y", empty="")

    assert [item["n"] for item in listed.items] == list(range(150))
    assert listed.cursor == "c"
    assert [each.path for each in server.requests] == [
        "/v1/things?name=x+%26+y&limit=100",
        "/v1/things?name=x+%26+y&limit=50&cursor=a+b",
    ]


def test_system_that_is_not_well_is_exit_code_1_with_its_reasons() -> None:
    problem = {"title": "Not ready", "status": 503, "code": "NOT_READY", "detail": "the worker does not run"}
    with BadServer((503, {}, problem)) as server:
        done = optiq("status", OPTIQ_URL=server.url)
        as_json = optiq("status", "--json", OPTIQ_URL=server.url)

    assert (done.exit_code, "the worker does not run" in done.stdout) == (1, True)
    assert json.loads(as_json.stdout)["health"] == "the worker does not run"
    with BadServer((404, HTML, "nothing")) as server:
        other = optiq("status", OPTIQ_URL=server.url)
    assert "which is no answer of Optiq's API" in other.stderr


def test_names_cannot_command_the_terminal() -> None:
    item = {"conversion_id": "conv_1", "occurred_at": "2026-01-01T00:00:00.000Z", "order_id": "", "currency": "EUR"}
    item |= {"value_micros": 1, "verified": True, "name": "\x1b]0;mine\x07[red]"}
    with BadServer((200, {}, {"items": [item], "cursor": None})) as server:
        _, shown, _ = _list(server)
        _, as_json, _ = _list(server, "--json")

    assert "\x1b" not in shown + as_json
    assert "[red]" in shown
    assert json.loads(as_json)["items"] == [item]
