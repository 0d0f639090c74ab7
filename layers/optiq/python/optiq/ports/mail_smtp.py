"""Mail through a server by SMTP (RFC 5321): with TLS from the beginning, or begun by STARTTLS.

Never in the clear over a network: only a server on this machine, named by its address, is spoken to without TLS.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit

from optiq.kernel.errors import UpstreamError
from optiq.ports.mail import Mail
from optiq.ports.mail_message import message_of

_TIMEOUT_SECONDS = 20
_PORTS = {"smtp": 587, "smtps": 465}
_THIS_MACHINE = ("127.0.0.1", "::1")
_PASSES = range(400, 500)
"""Answers that say: try later."""


class SmtpMailer:
    """Sends as `sender` through the server that an address such as `smtps://optiq@mail.example` names.

    A password stands in a file. Raises ValueError for another address, or a user without a password.
    """

    def __init__(self, sender: str, url: str, password_file: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname or parts.password or parts.path.strip("/"):
            raise ValueError("OPTIQ_SMTP must be an address such as smtp://optiq@mail.example:587, without a password")
        self._sender = sender
        self._secure = parts.scheme == "smtps"
        self._in_the_clear = parts.hostname in _THIS_MACHINE and not self._secure
        self._host, self._port = parts.hostname, parts.port or _PORTS[parts.scheme]
        self._user = unquote(parts.username or "")
        if self._user and not password_file:
            raise ValueError("OPTIQ_SMTP_PASSWORD must be the path of a file with the password")
        self._password = Path(password_file).read_text(encoding="utf-8").strip() if self._user else ""

    def send(self, mail: Mail) -> str:
        try:
            message = message_of(mail, self._sender)
        except ValueError as error:
            raise UpstreamError("the mail could not be written", retryable=False) from error
        try:
            with _refusals(), self._connected() as server:
                server.send_message(message, parseaddr(self._sender)[1], [mail.to])
        except smtplib.SMTPRecipientsRefused as error:
            ((code, text),) = error.recipients.values()
            raise _refused(code, text) from error
        return str(message["Message-ID"])

    def check(self) -> None:
        """Connects and signs in, and sends nothing. Raises UpstreamError."""
        with _refusals(), self._connected() as server:
            server.noop()

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._secure:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self._host, self._port, timeout=_TIMEOUT_SECONDS, context=context)
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=_TIMEOUT_SECONDS)
        try:
            if not (self._secure or self._in_the_clear):
                server.starttls(context=context)
            if self._user:
                server.login(self._user, self._password)
        except BaseException:
            server.close()
            raise
        return server

    def forget(self, mail_id: str) -> None:
        """Nothing of a mail is kept here."""


@contextmanager
def _refusals() -> Iterator[None]:
    """What goes wrong with a server, but for a refused recipient, as UpstreamError."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused:
        raise
    except smtplib.SMTPResponseException as error:
        raise _refused(error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPNotSupportedError as error:
        raise UpstreamError(f"the mail server can't do what is needed: {error}", retryable=True) from error
    except ssl.SSLError as error:
        raise UpstreamError(f"the mail server's TLS does not work: {error.reason}", retryable=True) from error
    except (smtplib.SMTPException, OSError) as error:
        raise UpstreamError(f"the mail server does not answer ({type(error).__name__})", retryable=True) from error


def _refused(code: int, text: bytes | str) -> UpstreamError:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return UpstreamError(f"the mail server answered {code}: {' '.join(said.split())}", retryable=code in _PASSES)
