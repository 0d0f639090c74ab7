"""A mail as a message of the Internet (RFC 5322), for carriers that take one whole."""

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, parseaddr

from optiq.ports.mail import Mail


def message_of(mail: Mail, sender: str, *, eight_bit: bool = False) -> EmailMessage:
    """The same mail has the same Message-ID, however often it is handed over.

    Raises:
        ValueError: a header cannot be written, such as one with the end of a line in it.
    """
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = sender, mail.to
    # Taken apart, or what somebody typed would be read as an encoded word, which may hold the end of a line.
    message["Subject"] = mail.subject.replace("=?", "= ?")
    message["Message-ID"] = f"<{mail.mail_id}@{parseaddr(sender)[1].rpartition('@')[2] or 'localhost'}>"
    message["Date"] = formatdate()
    for name, value in mail.headers.items():
        message[name] = value
    message.set_content(mail.text, cte="8bit" if eight_bit else None)
    message.add_alternative(mail.html, subtype="html")
    for one in mail.attachments:
        main, _, sub = one.content_type.partition("/")
        message.add_attachment(one.content, maintype=main, subtype=sub, filename=one.name)
    return message
