"""Our own errors, reported as clients of Sentry do."""

import json
import logging
from collections.abc import Iterator

import pytest
from optiq.kernel.error_reports import VARIABLE, ErrorReports, envelope_of

from infra.local.loopback import Answering, bound, serving


@pytest.fixture
def got(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, str, bytes]]]:
    """What a receiver of reports gets: path, credentials, body."""
    found: list[tuple[str, str, bytes]] = []

    class Receiver(Answering):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            found.append((self.path, self.headers["x-sentry-auth"], body))
            self.send_response(200)
            self.end_headers()

    http = bound(Receiver)
    monkeypatch.setenv(VARIABLE, f"http://abc@127.0.0.1:{http.server_port}/7")
    with serving(http):
        yield found


def _failed() -> BaseException:
    try:
        raise LookupError("no price for 7")
    except LookupError as error:
        return error


def test_what_is_logged_with_an_exception_is_reported(
    got: list[tuple[str, str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    log = logging.getLogger("optiq.test_error_reports")
    # A server that another test began in this process reports too.
    monkeypatch.setattr(log, "propagate", False)
    reports = ErrorReports(waits=True)
    log.addHandler(reports)
    try:
        log.error("the schedule failed", exc_info=_failed())
        log.error("a sentence without an exception")
        log.warning("known", exc_info=_failed())
    finally:
        log.removeHandler(reports)

    ((path, credentials, body),) = got
    event = json.loads(body.splitlines()[2])
    (raised,) = event["exception"]["values"]
    assert path == "/api/7/envelope/"
    assert "sentry_key=abc" in credentials
    assert (raised["type"], raised["value"]) == ("LookupError", "no price for 7")
    assert raised["stacktrace"]["frames"][-1]["function"] == "_failed"
    assert event["tags"] == {"logger": log.name, "said": "the schedule failed"}


def test_only_so_many_reports_are_sent(got: list[tuple[str, str, bytes]]) -> None:
    reports = ErrorReports(waits=True)
    for _ in range(200):
        reports.report(_failed(), {})

    assert 30 <= len(got) < 60


def test_a_report_has_no_values_of_variables() -> None:
    secret = "hunter2"  # noqa: F841 - a variable of the frame
    assert b"hunter2" not in envelope_of(_failed(), {})


def test_a_receiver_that_is_not_there_costs_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "http://abc@127.0.0.1:9/7")
    ErrorReports(waits=True).report(_failed(), {})
    monkeypatch.setenv(VARIABLE, "no address")
    ErrorReports(waits=True).report(_failed(), {})
