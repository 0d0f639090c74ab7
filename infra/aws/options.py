"""What whoever deploys chooses: values of CDK's context, `-c name=value` or `context` of cdk.json (docs/aws.md)."""

import re
from dataclasses import dataclass

from constructs import Node
from optiq.kernel.settings import Settings

_DOMAIN = re.compile(r"(?:[a-z0-9-]+\.)+[a-z0-9-]+", re.ASCII)
_CERTIFICATE = re.compile(r"arn:[a-z-]+:acm:[a-z0-9-]+:\d{12}:certificate/[a-z0-9-]+", re.ASCII)
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Options:
    """Each is empty where the context does not say.

    Attributes:
        sign_up: OPTIQ_SIGN_UP of every function (docs/self-hosting.md).
        domain, certificate: the API's own domain, and the ARN of a certificate for it in the same region.
        mail_sender: whom mails come from; SES must have verified it.
        alarm_mail: who gets the alarms by mail.
    """

    sign_up: str
    domain: str
    certificate: str
    mail_sender: str
    alarm_mail: str


def options_of(node: Node) -> Options:
    """Raises ValueError, which names the value, for one that cannot be."""
    given = Options(
        sign_up=_text(node, "signUp") or "open",
        domain=_matching(node, "domain", _DOMAIN, "a host such as optiq.example.com"),
        certificate=_matching(node, "certificate", _CERTIFICATE, "the ARN of a certificate"),
        mail_sender=_matching(node, "mailSender", _ADDRESS, "an address such as optiq@example.com"),
        alarm_mail=_matching(node, "alarmMail", _ADDRESS, "an address such as you@example.com"),
    )
    Settings.from_environment({"OPTIQ_SIGN_UP": given.sign_up})
    if bool(given.domain) != bool(given.certificate):
        raise ValueError("-c domain=… and -c certificate=… belong together: give both or neither")
    return given


def _text(node: Node, name: str) -> str:
    return str(node.try_get_context(name) or "").strip()


def _matching(node: Node, name: str, pattern: re.Pattern[str], what: str) -> str:
    text = _text(node, name)
    if text and not pattern.fullmatch(text):
        raise ValueError(f"-c {name}=… must be {what}, not '{text}'")
    return text
