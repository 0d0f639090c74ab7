"""Takes deliveries of Stripe: verified, put on the stream, answered. The table is never read."""

import json
from typing import Any, Literal

from optiq.billing.gateways.account import StripeAccount
from optiq.billing.webhooks.contracts import StripeChanged
from optiq.billing.webhooks.signature import is_signed
from optiq.kernel.errors import InvalidError
from optiq.ports.stream import Record, Stream

Outcome = Literal["TAKEN", "PASSED_OVER"]
MIRRORED = frozenset(
    {
        "charge",
        "checkout.session",
        "credit_note",
        "customer",
        "dispute",
        "invoice",
        "invoice_payment",
        "payment_method",
        "refund",
        "subscription",
        "subscription_schedule",
    }
)
"""Kinds of objects whose changes matter here."""


def receive(body: bytes, header: str, account: StripeAccount, stream: Stream, now_ms: int) -> Outcome:
    """Puts what changed on the stream; passes over what is of no interest, or of another mode or account.

    Raises:
        InvalidError: it is not signed by Stripe, or no event. UpstreamError: the stream did not take it.
    """
    if not is_signed(body, header, account.webhook_secrets, now_ms):
        raise InvalidError("stripe-signature: must be Stripe's signature of this body, at most 300 seconds old")
    changed = _read(body, live=account.live)
    if changed is None or changed.kind not in MIRRORED:
        return "PASSED_OVER"
    stream.put([Record(changed.object_id, changed.type, changed.model_dump_json().encode())])
    return "TAKEN"


def _read(body: bytes, *, live: bool) -> StripeChanged | None:
    """A thin event or a snapshot; None for one that is not about an object of ours."""
    try:
        event = json.loads(body)
        if event["livemode"] != live or event.get("account") or event.get("context"):
            return None
        about = _about(event)
        if about is None:
            return None
        kind, object_id = about
        name = str(event["type"]).removeprefix("v1.")
        return StripeChanged(event_id=str(event["id"]), event_type=name, kind=kind, object_id=object_id)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidError("body: must be an event of Stripe") from error


def _about(event: dict[str, Any]) -> tuple[str, str] | None:
    """Kind and id of the object; None for an event that names none."""
    if event["object"] == "v2.core.event":
        related = event.get("related_object")
        return (str(related["type"]), str(related["id"])) if related else None
    found = event["data"]["object"]
    return (str(found["object"]), str(found["id"])) if "id" in found else None
