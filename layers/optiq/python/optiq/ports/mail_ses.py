"""Mail through Amazon SES (API version 2).

https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
"""

from optiq.kernel.errors import UpstreamError
from optiq.ports.aws_client import AwsError, aws_client, upstream_error
from optiq.ports.mail import Mail

MAIL_ID_TAG = "mail_id"
ORGANIZATION_TAG = "organization_id"
"""The tags that events about a mail carry: which of ours it was, and for whom."""


class SesMailer:
    """Sends as `sender`, an address whose identity SES has verified. A configuration set of each stream, such as
    `optiq-alert`, reports what became of it."""

    def __init__(self, sender: str, configuration_sets: str) -> None:
        """`configuration_sets`: the beginning of their names, such as `optiq`; "" for none."""
        self._sender = sender
        self._sets = configuration_sets
        self._client = aws_client("sesv2")

    def send(self, mail: Mail) -> str:
        try:
            answer = self._client.send_email(
                FromEmailAddress=self._sender,
                Destination={"ToAddresses": [mail.to]},
                Content={
                    "Simple": {
                        "Subject": _utf8(mail.subject),
                        "Body": {"Text": _utf8(mail.text), "Html": _utf8(mail.html)},
                        **_more(mail),
                    }
                },
                EmailTags=_tags(mail),
                **({"ConfigurationSetName": f"{self._sets}-{mail.stream.lower()}"} if self._sets else {}),
            )
        except AwsError as error:
            raise upstream_error("the mail was not sent", error) from error
        message_id = answer.get("MessageId")
        if not message_id:
            raise UpstreamError("the mail was not sent: SES gave it no id", retryable=False)
        return str(message_id)

    def forget(self, mail_id: str) -> None:
        """Nothing of a mail is kept here."""


def _more(mail: Mail) -> dict[str, list[dict[str, object]]]:
    """The headers and files of a mail that has any."""
    headers: list[dict[str, object]] = [{"Name": name, "Value": value} for name, value in mail.headers.items()]
    files: list[dict[str, object]] = [
        {
            "FileName": one.name,
            "ContentType": one.content_type,
            "ContentDisposition": "ATTACHMENT",
            "ContentTransferEncoding": "BASE64",
            "RawContent": one.content,
        }
        for one in mail.attachments
    ]
    return {name: listed for name, listed in (("Headers", headers), ("Attachments", files)) if listed}


def _tags(mail: Mail) -> list[dict[str, str]]:
    """A tag has a value, so that a mail for no organization has one tag less."""
    tags = {MAIL_ID_TAG: mail.mail_id, ORGANIZATION_TAG: mail.organization_id}
    return [{"Name": name, "Value": value} for name, value in tags.items() if value]


def _utf8(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": "UTF-8"}
