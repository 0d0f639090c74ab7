"""Mail: one message to one person, handed over to be delivered."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Mail:
    """A message; both bodies say the same.

    `mail_id` and `organization_id` ("" for none) come back with whatever is reported of it later.
    """

    mail_id: str
    to: str
    subject: str
    text: str
    html: str
    organization_id: str = ""


class Mailer(Protocol):
    def send(self, mail: Mail) -> str:
        """Hands a mail over and returns the id the carrier gave it.

        Raises:
            UpstreamError: the carrier did not take it.
        """
        ...
