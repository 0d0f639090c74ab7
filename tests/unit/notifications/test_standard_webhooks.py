"""Signatures, read by the library that receivers use."""

import base64
import time

import pytest
from optiq.notifications.sending.standard_webhooks import new_secret, signed_headers
from standardwebhooks import Webhook, WebhookVerificationError

BODY = b'{"type":"alert.triggered","data":{"name":"Caf\xc3\xa9"}}'


def headers_at(ago_seconds: int, *secrets: str) -> dict[str, str]:
    return signed_headers("msg_1", int(time.time()) - ago_seconds, BODY, secrets)


def test_a_receiver_verifies_what_is_signed() -> None:
    secret = new_secret()

    assert Webhook(secret).verify(BODY, headers_at(0, secret))["type"] == "alert.triggered"


@pytest.mark.parametrize(("body", "ago_seconds"), [(BODY.replace(b"alert", b"alarm"), 0), (BODY, 360)])
def test_a_receiver_refuses_another_body_and_an_old_message(body: bytes, ago_seconds: int) -> None:
    secret = new_secret()

    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body, headers_at(ago_seconds, secret))


def test_both_secrets_verify_while_the_owner_changes_them() -> None:
    old, new, other = new_secret(), new_secret(), new_secret()
    headers = headers_at(0, new, old)

    assert Webhook(old).verify(BODY, headers) == Webhook(new).verify(BODY, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(other).verify(BODY, headers)


def test_a_secret_is_of_32_bytes_and_never_the_same() -> None:
    secrets = {new_secret() for _ in range(20)}

    assert len(secrets) == 20
    assert {len(base64.b64decode(secret.removeprefix("whsec_"))) for secret in secrets} == {32}
