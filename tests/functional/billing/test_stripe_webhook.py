"""What the receiver takes, and what it refuses. Cases 4 and 5."""

import base64
import json
from collections.abc import Sequence
from typing import Any

import pytest
from optiq.billing.gateways.account import StripeAccount, stripe_account
from optiq.billing.webhooks.api import receive
from optiq.billing.webhooks.contracts import StripeChanged
from optiq.kernel.errors import InvalidError, UpstreamError
from optiq.ports import wiring
from optiq.ports.stream import Record

from functions.billing import webhook
from infra.local.stripe_server.events import signature
from tests.functional.billing.paying import SECRET, Listed

NOW_MS = 1_774_708_700_000
NOW = NOW_MS // 1000
ACCOUNT = StripeAccount(secret_key="sk_test_x", webhook_secrets=(SECRET,))
THIN: dict[str, Any] = {
    "id": "evt_1",
    "object": "v2.core.event",
    "type": "v1.invoice.paid",
    "created": "2026-03-28T14:37:15.000Z",
    "livemode": False,
    "related_object": {"id": "in_1", "type": "invoice", "url": "/v1/invoices/in_1"},
}
SNAPSHOT: dict[str, Any] = {
    "id": "evt_2",
    "object": "event",
    "type": "customer.subscription.updated",
    "livemode": False,
    "data": {"object": {"id": "sub_1", "object": "subscription"}},
}
BODY = json.dumps(THIN).encode()


def _v1(body: bytes = BODY, secret: str = SECRET, at: int = NOW) -> str:
    return signature(body, secret, at).partition(",")[2]


@pytest.mark.parametrize(
    "header",
    [
        signature(BODY, "whsec_other", NOW),
        signature(BODY[:-1] + b"!", SECRET, NOW),
        f"t={NOW}",
        f"t={NOW},{_v1().replace('v1', 'v0')}",
        f"t={NOW},t={NOW},{_v1()}",
        signature(BODY, SECRET, NOW - 301),
        signature(BODY, SECRET, NOW + 301),
        _v1(),
        f"t=²,{_v1()}",
        "",
    ],
)
def test_receiver_refuses_what_is_not_signed(header: str) -> None:
    stream = Listed()
    with pytest.raises(InvalidError, match="stripe-signature"):
        receive(BODY, header, ACCOUNT, stream, NOW_MS)
    assert not stream.records


@pytest.mark.parametrize("at", [NOW - 299, NOW, NOW + 299])
def test_receiver_takes_what_is_signed_within_300_seconds(at: int) -> None:
    stream = Listed()
    assert receive(BODY, signature(BODY, SECRET, at), ACCOUNT, stream, NOW_MS) == "TAKEN"
    (record,) = stream.records
    assert (record.partition_key, record.kind) == ("in_1", "StripeChanged")
    changed = StripeChanged.model_validate_json(record.data)
    assert (changed.event_id, changed.event_type, changed.kind) == ("evt_1", "invoice.paid", "invoice")


def test_receiver_takes_the_second_of_two_signatures_while_a_secret_is_replaced() -> None:
    header = f"t={NOW},{_v1(secret='whsec_old')},{_v1()}"
    assert receive(BODY, header, ACCOUNT, Listed(), NOW_MS) == "TAKEN"


def test_receiver_takes_a_snapshot_as_a_thin_event() -> None:
    body, stream = json.dumps(SNAPSHOT).encode(), Listed()
    assert receive(body, signature(body, SECRET, NOW), ACCOUNT, stream, NOW_MS) == "TAKEN"
    assert StripeChanged.model_validate_json(stream.records[0].data).object_id == "sub_1"


@pytest.mark.parametrize(
    "changed",
    [
        {"livemode": True},
        {"context": "acct_other"},
        {"related_object": {"id": "x_1", "type": "unheard.of"}},
        {"related_object": None},
    ],
)
def test_receiver_passes_over_what_is_not_ours(changed: dict[str, Any]) -> None:
    body, stream = json.dumps(THIN | changed).encode(), Listed()
    assert receive(body, signature(body, SECRET, NOW), ACCOUNT, stream, NOW_MS) == "PASSED_OVER"
    assert not stream.records


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff", b'{"livemode": false, "object": "event"}'])
def test_receiver_refuses_what_is_no_event(body: bytes) -> None:
    with pytest.raises(InvalidError, match="body"):
        receive(body, signature(body, SECRET, NOW), ACCOUNT, Listed(), NOW_MS)


class _Broken:
    def put(self, records: Sequence[Record]) -> None:
        raise UpstreamError("the stream does not answer", retryable=True)


def _posted(body: bytes, *, encoded: bool = False) -> dict[str, Any]:
    text = base64.b64encode(body).decode() if encoded else body.decode()
    return {"headers": {"stripe-signature": signature(body, SECRET, NOW)}, "body": text, "isBase64Encoded": encoded}


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> Listed:
    found = Listed()
    monkeypatch.setattr(wiring, "stream", lambda: found)
    monkeypatch.setattr(webhook, "stripe_account", lambda: ACCOUNT)
    monkeypatch.setattr(webhook, "system_clock", lambda: NOW_MS)
    return found


@pytest.mark.parametrize("encoded", [False, True])
def test_webhook_reads_the_very_bytes(stream: Listed, encoded: bool) -> None:
    assert webhook.handler(_posted(BODY, encoded=encoded), None)["statusCode"] == 200
    assert len(stream.records) == 1


def test_webhook_answers_400_to_a_bad_signature(stream: Listed) -> None:
    event = _posted(BODY) | {"headers": {"stripe-signature": "t=1,v1=00"}}
    assert webhook.handler(event, None)["statusCode"] == 400


def test_webhook_answers_503_when_the_stream_is_down(stream: Listed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "stream", _Broken)
    assert webhook.handler(_posted(BODY), None)["statusCode"] == 503


def test_webhook_is_not_there_without_an_account() -> None:
    assert stripe_account() is None
    assert webhook.handler(_posted(BODY), None)["statusCode"] == 404


@pytest.mark.parametrize(("key", "live"), [("sk_live_x", False), ("rk_live_x", False), ("sk_test_x", True)])
def test_account_refuses_a_live_key_by_accident(key: str, live: bool) -> None:
    with pytest.raises(ValueError, match="live"):
        StripeAccount(secret_key=key, live=live)
