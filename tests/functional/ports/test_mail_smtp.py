"""Mail through a server by SMTP, against a local one that asks for TLS and a password, and that refuses."""

import ssl
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session
from optiq.kernel.errors import UpstreamError
from optiq.ports.mail import Attachment, Mail
from optiq.ports.mail_smtp import SmtpMailer

from infra.local.table import free_port
from tests.support.certificates import trusted_server

MAIL = Mail("mail_1", "ann@shop.example", "Grüße", "text ✓\n", "<p>html</p>", unsubscribe_url="https://o.example/u/1")
SENDER = "Optiq <optiq@mail.example>"


class _Handler:
    """Keeps what it takes; `answer` is what it says of a mail."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.answer, self.recipient = "250 OK", "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _s: Any, _session: Session, envelope: Envelope, address: str, _o: Any
    ) -> str:
        if self.recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient

    async def handle_DATA(self, _s: Any, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.taken.append(envelope)
        return self.answer


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    return trusted_server("localhost", tmp_path, monkeypatch)


Start = Callable[..., tuple[_Handler, int]]


@pytest.fixture
def start(certificate: ssl.SSLContext) -> Iterator[Start]:
    """Starts a server: `secure` from the beginning, or with STARTTLS; without either where `plain`."""
    running: list[Controller] = []

    def started(*, secure: bool = False, plain: bool = False) -> tuple[_Handler, int]:
        handler = _Handler()

        def check(_s: Any, _session: Any, _e: Any, _mechanism: str, data: Any) -> AuthResult:
            good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"optiq", b"the secret")
            return AuthResult(success=good, handled=False)

        tls: dict[str, Any] = {} if plain else {"ssl_context" if secure else "tls_context": certificate}
        port = free_port()
        controller = Controller(
            handler, "127.0.0.1", port, authenticator=check, auth_require_tls=not (plain or secure), **tls
        )
        controller.start()
        running.append(controller)
        return handler, port

    yield started
    for controller in running:
        controller.stop()


@pytest.fixture
def password(tmp_path: Path) -> str:
    file = tmp_path / "password"
    file.write_text("the secret\n")
    return str(file)


@pytest.mark.parametrize("secure", [True, False])
def test_a_mail_goes_through_a_server_with_tls_and_a_password(start: Start, password: str, *, secure: bool) -> None:
    handler, port = start(secure=secure)
    scheme = "smtps" if secure else "smtp"
    mail = replace(MAIL, attachments=(Attachment("a.csv", "text/csv", b"a,b\r\n"),))
    carrier_id = SmtpMailer(SENDER, f"{scheme}://optiq@localhost:{port}", password).send(mail)

    (envelope,) = handler.taken
    message: Any = message_from_bytes(envelope.content or b"", policy=default)
    assert (envelope.mail_from, envelope.rcpt_tos) == ("optiq@mail.example", ["ann@shop.example"])
    assert (message["Subject"], message["From"], message["To"]) == ("Grüße", SENDER, "ann@shop.example")
    assert carrier_id == message["Message-ID"] == "<mail_1@mail.example>"
    assert message["List-Unsubscribe"] == "<https://o.example/u/1>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message.get_body(("plain",)).get_content().strip() == "text ✓"
    assert message.get_body(("html",)).get_content().strip() == "<p>html</p>"
    assert [one.get_filename() for one in message.iter_attachments()] == ["a.csv"]


def test_the_same_mail_has_the_same_message_id(start: Start, password: str) -> None:
    _, port = start()
    mailer = SmtpMailer(SENDER, f"smtp://optiq@localhost:{port}", password)

    assert mailer.send(MAIL) == mailer.send(MAIL)


def test_nothing_is_sent_in_the_clear(start: Start, password: str) -> None:
    handler, port = start(plain=True)
    with pytest.raises(UpstreamError):
        SmtpMailer(SENDER, f"smtp://optiq@localhost:{port}", password).send(MAIL)

    assert not handler.taken


def test_a_server_on_this_machine_needs_no_tls(start: Start, password: str) -> None:
    handler, port = start(plain=True)
    mailer = SmtpMailer(SENDER, f"smtp://optiq@127.0.0.1:{port}", password)
    mailer.check()
    assert not handler.taken

    mailer.send(MAIL)

    assert len(handler.taken) == 1


def test_a_check_says_why_no_mail_would_leave(start: Start, password: str) -> None:
    _, port = start(plain=True)
    with pytest.raises(UpstreamError, match="can't do what is needed: STARTTLS"):
        SmtpMailer(SENDER, f"smtp://optiq@localhost:{port}", password).check()


def test_a_certificate_that_nobody_vouches_for_is_refused(
    start: Start, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    handler, port = start(secure=True)
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(UpstreamError, match="TLS does not work"):
        SmtpMailer(SENDER, f"smtps://optiq@localhost:{port}", password).send(MAIL)

    assert not handler.taken


@pytest.mark.parametrize(("answer", "retryable"), [("451 4.7.1 try later", True), ("554 5.7.1 spam", False)])
def test_a_refusal_says_whether_to_try_again(start: Start, password: str, answer: str, *, retryable: bool) -> None:
    for field in ("answer", "recipient"):
        handler, port = start()
        setattr(handler, field, answer)
        with pytest.raises(UpstreamError, match=answer[:3]) as raised:
            SmtpMailer(SENDER, f"smtp://optiq@localhost:{port}", password).send(MAIL)
        assert raised.value.retryable is retryable


def test_a_wrong_password_is_no_reason_to_try_again(start: Start, tmp_path: Path) -> None:
    _, port = start()
    wrong = tmp_path / "wrong"
    wrong.write_text("guess")
    with pytest.raises(UpstreamError, match="535") as raised:
        SmtpMailer(SENDER, f"smtp://optiq@localhost:{port}", str(wrong)).send(MAIL)

    assert not raised.value.retryable


def test_a_server_that_is_down_is_tried_again(password: str) -> None:
    with pytest.raises(UpstreamError, match="does not answer") as raised:
        SmtpMailer(SENDER, "smtp://optiq@127.0.0.1:1", password).send(MAIL)

    assert raised.value.retryable


def test_a_subject_cannot_add_a_header(start: Start, password: str) -> None:
    handler, port = start()
    with pytest.raises(UpstreamError) as raised:
        SmtpMailer(SENDER, f"smtp://optiq@localhost:{port}", password).send(
            replace(MAIL, subject="Eve\r\nBcc: all@shop.example")
        )

    assert (raised.value.retryable, handler.taken) == (False, [])


@pytest.mark.parametrize("url", ["mail.example:25", "http://mail.example", "smtp://u:secret@mail.example", "smtp://"])
def test_an_address_that_cannot_be_stops_the_start(url: str, password: str) -> None:
    with pytest.raises(ValueError, match="OPTIQ_SMTP"):
        SmtpMailer(SENDER, url, password)


def test_a_user_needs_a_password() -> None:
    with pytest.raises(ValueError, match="OPTIQ_SMTP_PASSWORD"):
        SmtpMailer(SENDER, "smtp://optiq@mail.example", "")
