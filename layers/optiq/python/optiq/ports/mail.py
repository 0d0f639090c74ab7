"""Mail: one message to one person, handed over to be delivered."""

from dataclasses import dataclass
from typing import Literal, Protocol

MailStream = Literal["ACCOUNT", "ALERT", "REPORT"]
"""Mail of one kind: its reputation is reported by itself."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file with a mail, such as `channels.csv` of `text/csv`."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """A message; both bodies say the same.

    Attributes:
        mail_id, organization_id: ("" for none) come back with whatever is reported of it later.
        unsubscribe_url: of mail that recurs: a POST to it ends it, without a cookie (RFC 8058); "" for other mail.
    """

    mail_id: str
    to: str
    subject: str
    text: str
    html: str
    organization_id: str = ""
    unsubscribe_url: str = ""
    attachments: tuple[Attachment, ...] = ()
    stream: MailStream = "ACCOUNT"

    @property
    def headers(self) -> dict[str, str]:
        """The headers of a mail that recurs: mail programs show a button by them."""
        if not self.unsubscribe_url:
            return {}
        return {
            "List-Unsubscribe": f"<{self.unsubscribe_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }


class Mailer(Protocol):
    def send(self, mail: Mail) -> str:
        """Hands a mail over and returns the id the carrier gave it.

        Raises:
            UpstreamError: the carrier did not take it.
        """
        ...

    def forget(self, mail_id: str) -> None:
        """Removes what the carrier itself keeps of a mail, where that is ours. Raises UpstreamError."""
        ...
