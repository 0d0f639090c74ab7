"""Mail through SES, against a server that answers as SES does, and as it should not."""

import json
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from optiq.kernel.errors import UpstreamError
from optiq.ports import aws_client
from optiq.ports.mail import Attachment, Mail
from optiq.ports.mail_ses import SesMailer

from infra.local.loopback import Answering, bound, serving

MAIL = Mail("mail_1", "ann@shop.example", "Grüße", "text", "<p>html</p>")


@dataclass
class Ses:
    """Answers each request with the next of `answers`, the last one for ever."""

    answers: list[tuple[int, str, str]]
    requests: list[tuple[str, Any]] = field(default_factory=list)


@pytest.fixture
def ses(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ses]:
    played = Ses([(200, "", '{"MessageId": "0100"}')])

    class Handler(Answering):
        def answer(self) -> None:
            played.requests.append((self.path, json.loads(self.read_body())))
            status, kind, text = played.answers.pop(0) if len(played.answers) > 1 else played.answers[0]
            self.send_response(status)
            self.send_header("content-length", str(len(text)))
            self.send_header("content-type", "application/json")
            if kind:
                self.send_header("x-amzn-ErrorType", kind)
            self.end_headers()
            self.wfile.write(text.encode())

    http = bound(Handler)
    monkeypatch.setenv("AWS_ENDPOINT_URL_SESV2", f"http://127.0.0.1:{http.server_port}")
    # The session remembers the environment it was made in.
    aws_client.session.cache_clear()
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    with serving(http):
        yield played
    aws_client.session.cache_clear()


def test_a_mail_goes_out_with_its_id_as_a_tag(ses: Ses) -> None:
    assert SesMailer("Optiq <o@shop.example>", "optiq").send(MAIL) == "0100"

    ((path, body),) = ses.requests
    assert path == "/v2/email/outbound-emails"
    assert body["FromEmailAddress"] == "Optiq <o@shop.example>"
    assert body["Destination"] == {"ToAddresses": ["ann@shop.example"]}
    assert body["Content"]["Simple"]["Subject"] == {"Data": "Grüße", "Charset": "UTF-8"}
    assert {part["Data"] for part in body["Content"]["Simple"]["Body"].values()} == {"text", "<p>html</p>"}
    assert body["EmailTags"] == [{"Name": "mail_id", "Value": "mail_1"}]
    assert body["ConfigurationSetName"] == "optiq-account"


def test_a_mail_that_recurs_has_its_headers_and_files(ses: Ses) -> None:
    url, file = "https://optiq.example/u/token", Attachment("1-channels.csv", "text/csv", b"a,b\r\n")
    SesMailer("o@shop.example", "").send(replace(MAIL, unsubscribe_url=url, attachments=(file,)))
    SesMailer("o@shop.example", "").send(MAIL)

    (_, recurring), (_, other) = ses.requests
    simple = recurring["Content"]["Simple"]
    assert simple["Headers"] == [
        {"Name": "List-Unsubscribe", "Value": f"<{url}>"},
        {"Name": "List-Unsubscribe-Post", "Value": "List-Unsubscribe=One-Click"},
    ]
    [attached] = simple["Attachments"]
    assert (attached["FileName"], attached["ContentDisposition"]) == ("1-channels.csv", "ATTACHMENT")
    assert b64decode(attached["RawContent"]) == b"a,b\r\n"
    assert {"Headers", "Attachments"}.isdisjoint(other["Content"]["Simple"])


def test_a_mail_for_an_organization_says_so_in_a_tag(ses: Ses) -> None:
    SesMailer("o@shop.example", "optiq").send(replace(MAIL, organization_id="org_1"))

    ((_, body),) = ses.requests
    assert {"Name": "organization_id", "Value": "org_1"} in body["EmailTags"]


def test_what_ses_refuses_is_not_tried_again_and_says_why(ses: Ses) -> None:
    ses.answers = [(400, "MessageRejected", '{"message": "Email address is not verified."}')]

    with pytest.raises(UpstreamError, match="MessageRejected") as raised:
        SesMailer("o@shop.example", "").send(MAIL)

    assert not raised.value.retryable
    assert len(ses.requests) == 1
    assert "ann@shop.example" not in str(raised.value)


def test_throttling_passes(ses: Ses) -> None:
    ses.answers = [(429, "TooManyRequestsException", "{}"), (200, "", '{"MessageId": "0101"}')]

    assert SesMailer("o@shop.example", "").send(MAIL) == "0101"


@pytest.mark.parametrize("answer", [(503, "", "<html>busy</html>"), (500, "InternalFailure", "{}")])
def test_a_server_that_fails_is_a_failure_that_may_pass(ses: Ses, answer: tuple[int, str, str]) -> None:
    ses.answers = [answer]

    with pytest.raises(UpstreamError) as raised:
        SesMailer("o@shop.example", "").send(MAIL)

    assert raised.value.retryable


@pytest.mark.parametrize("text", ["{}", "no json", ""])
def test_an_answer_without_an_id_is_no_success(ses: Ses, text: str) -> None:
    ses.answers = [(200, "", text)]

    with pytest.raises(UpstreamError):
        SesMailer("o@shop.example", "").send(MAIL)
