"""Charges, refunds and disputes."""

from infra.local.stripe_server.errors import invalid
from infra.local.stripe_server.forms import Request
from infra.local.stripe_server.shapes import Obj
from infra.local.stripe_server.world import World


def charge(world: World, customer_id: str, method_id: str | None, amount: int, currency: str, intent_id: str) -> bool:
    """Charges a card for an intent; whether it paid."""
    intent = world.get("payment_intent", intent_id)
    fails = method_id is None or world.hidden.get(method_id, {}).get("fails", False)
    if method_id is not None:
        made = world.add(
            "charge",
            customer=customer_id,
            customer_id=customer_id,
            amount=amount,
            amount_captured=0 if fails else amount,
            captured=not fails,
            currency=currency,
            paid=not fails,
            payment_intent=intent_id,
            payment_method=method_id,
            status="failed" if fails else "succeeded",
            failure_code="card_declined" if fails else None,
            failure_message="Your card was declined." if fails else None,
        )
        made["receipt_url"] = None if fails else f"{world.url}/receipts/{made['id']}"
        intent["latest_charge"] = made["id"]
        world.emit("charge.failed" if fails else "charge.succeeded", made)
    intent["payment_method"] = None if fails else method_id
    intent["status"] = "requires_payment_method" if fails else "succeeded"
    intent["amount_received"] = 0 if fails else amount
    world.emit("payment_intent.payment_failed" if fails else "payment_intent.succeeded", intent)
    return not fails


def new_intent(world: World, customer_id: str, amount: int, currency: str) -> Obj:
    return world.add("payment_intent", customer=customer_id, customer_id=customer_id, amount=amount, currency=currency)


def get_intent(world: World, request: Request) -> Obj:
    return world.get("payment_intent", request.id)


def get_charge(world: World, request: Request) -> Obj:
    return world.get("charge", request.id)


def list_charges(world: World, request: Request) -> Obj:
    names = [name for name in ("customer", "payment_intent") if name in request.params]
    found = world.all_of("charge", **{name: request.text(name) for name in names})
    return request.page("/v1/charges", found)


def list_refunds(world: World, request: Request) -> Obj:
    names = [name for name in ("charge", "payment_intent") if name in request.params]
    return request.page("/v1/refunds", world.all_of("refund", **{name: request.text(name) for name in names}))


def create_refund(world: World, request: Request) -> Obj:
    charge_id = request.text("charge")
    if intent_id := request.text("payment_intent"):
        charge_id = world.get("payment_intent", intent_id)["latest_charge"] or ""
    paid = world.get("charge", charge_id)
    left = paid["amount"] - paid["amount_refunded"]
    amount = request.number("amount") or left
    if not paid["paid"] or left == 0:
        raise invalid("Charge has already been refunded.", code="charge_already_refunded")
    if amount > left:
        raise invalid("Refund amount is greater than unrefunded amount on charge", param="amount")
    refund = world.add(
        "refund",
        amount=amount,
        charge=charge_id,
        currency=paid["currency"],
        customer=paid["customer"],
        customer_id=paid["customer"],
        payment_intent=paid["payment_intent"],
        payment_method=paid["payment_method"],
        reason=request.text("reason") or None,
        metadata=request.inner("metadata"),
    )
    world.emit("refund.created", refund)
    refunded = paid["amount_refunded"] + amount
    world.change(paid, "charge.refunded", amount_refunded=refunded, refunded=refunded == paid["amount"])
    return refund


def get_refund(world: World, request: Request) -> Obj:
    return world.get("refund", request.id)


def fail_refund(world: World, refund_id: str) -> None:
    """The bank sends a refund back."""
    refund = world.get("refund", refund_id)
    paid = world.get("charge", refund["charge"])
    paid.update(amount_refunded=paid["amount_refunded"] - refund["amount"], refunded=False)
    world.change(refund, "refund.failed", status="failed", failure_reason="unknown")
    world.emit("charge.updated", paid)


def open_dispute(world: World, charge_id: str) -> Obj:
    """The holder of the card disputes a charge."""
    paid = world.get("charge", charge_id)
    dispute = world.add(
        "dispute",
        customer_id=paid["customer"],
        charge=charge_id,
        amount=paid["amount"],
        currency=paid["currency"],
        payment_intent=paid["payment_intent"],
    )
    paid["disputed"] = True
    world.emit("charge.dispute.created", dispute)
    return dispute


def close_dispute(world: World, dispute_id: str, *, won: bool) -> None:
    dispute = world.get("dispute", dispute_id)
    world.change(dispute, "charge.dispute.closed", status="won" if won else "lost")


def get_dispute(world: World, request: Request) -> Obj:
    return world.get("dispute", request.id)


def list_disputes(world: World, request: Request) -> Obj:
    names = [name for name in ("charge", "payment_intent") if name in request.params]
    found = world.all_of("dispute", **{name: request.text(name) for name in names})
    return request.page("/v1/disputes", found)
