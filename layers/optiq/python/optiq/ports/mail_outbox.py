"""Mail on one machine: nothing leaves it, every mail is a file (.eml) that any mail program opens."""

import os
import secrets
from pathlib import Path

from optiq.kernel.errors import UpstreamError
from optiq.ports.mail import Mail
from optiq.ports.mail_message import message_of


class OutboxMailer:
    """Writes `<mail id>.eml` to a folder; the names sort by time. Mails hold links that sign people in, so only the
    owner of the folder may read them."""

    def __init__(self, sender: str, folder: str) -> None:
        self._sender = sender
        self._folder = Path(folder)

    def send(self, mail: Mail) -> str:
        file = self._folder / f"{mail.mail_id}.eml"
        draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
        try:
            # Its text as it is, so that the outbox can be searched for a link.
            message = message_of(mail, self._sender, eight_bit=True)
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
                stream.write(message.as_bytes())
            draft.replace(file)
        except (OSError, ValueError) as error:
            raise UpstreamError("the mail could not be written", retryable=False) from error
        return mail.mail_id

    def forget(self, mail_id: str) -> None:
        try:
            # Drafts, too, that a crash left.
            for file in (self._folder / f"{mail_id}.eml", *self._folder.glob(f".{mail_id}.eml.*")):
                file.unlink(missing_ok=True)
        except OSError as error:
            raise UpstreamError("the mail could not be removed from the outbox", retryable=True) from error
