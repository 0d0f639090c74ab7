"""Invoices: lines with proration, finalising, paying, and the previews of all that."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from infra.local.stripe_server import payments
from infra.local.stripe_server.catalogue import discount_on, is_for
from infra.local.stripe_server.errors import StripeFault, declined, invalid
from infra.local.stripe_server.forms import Request
from infra.local.stripe_server.shapes import Obj, listing
from infra.local.stripe_server.world import World

DAY = 86_400
_LATE = ("past_due", "incomplete", "unpaid")


@dataclass(frozen=True)
class Draft:
    """A line to be."""

    price: Obj
    amount: int
    start: int
    end: int
    item_id: str
    proration: bool = False
    description: str = ""


def prorated(amount: int, left: int, whole: int) -> int:
    """The part of an amount for the seconds that are left of a period."""
    return int((Decimal(amount) * left / whole).quantize(Decimal(1), ROUND_HALF_EVEN))


def make(world: World, subscription: Obj, reason: str, drafts: list[Draft], *, kept: bool = True) -> Obj:
    """An invoice of a subscription with its lines and discount; a preview is not kept."""
    customer_id, now = subscription["customer"], world.time_of(subscription["customer"])
    invoice = world.add("invoice", customer=customer_id, customer_id=customer_id, billing_reason=reason)
    invoice.update(
        currency=subscription["currency"],
        parent={
            "type": "subscription_details",
            "quote_details": None,
            "subscription_details": {
                "metadata": subscription["metadata"],
                "subscription": subscription["id"],
                "subscription_proration_date": now if reason == "subscription_update" else None,
            },
        },
        period_start=now,
        period_end=now,
        test_clock=subscription["test_clock"],
        discounts=list(subscription["discounts"]),
    )
    invoice["lines"]["url"] = f"/v1/invoices/{invoice['id']}/lines"
    invoice["lines"]["data"] = [_line(world, invoice, subscription, draft) for draft in drafts]
    add_up(world, invoice)
    if not kept:
        world.objects.pop(invoice["id"])
    return invoice


def _line(world: World, invoice: Obj, subscription: Obj, draft: Draft) -> Obj:
    parent = {
        "type": "subscription_item_details",
        "invoice_item_details": None,
        "subscription_item_details": {
            "invoice_item": None,
            "proration": draft.proration,
            "proration_details": {"credited_items": None},
            "subscription": subscription["id"],
            "subscription_item": draft.item_id,
        },
    }
    line = world.add(
        "line_item",
        amount=draft.amount,
        subtotal=draft.amount,
        currency=subscription["currency"],
        description=draft.description,
        invoice=invoice["id"],
        metadata=subscription["metadata"],
        parent=parent,
        period={"start": draft.start, "end": draft.end},
        pricing={
            "type": "price_details",
            "price_details": {"price": draft.price["id"], "product": draft.price["product"]},
            "unit_amount_decimal": draft.price["unit_amount_decimal"],
        },
        subscription=subscription["id"],
    )
    world.objects.pop(line["id"])
    return line


def add_up(world: World, invoice: Obj) -> None:
    lines = invoice["lines"]["data"]
    subtotal, taken = sum(line["amount"] for line in lines), 0
    if invoice["discounts"]:
        discount_id = invoice["discounts"][0]
        coupon = world.get("coupon", world.objects[discount_id]["source"]["coupon"])
        for line in lines:
            fits = line["amount"] > 0 and is_for(coupon, line["pricing"]["price_details"]["product"])
            off = discount_on(coupon, line["amount"]) if fits else 0
            line["discount_amounts"] = [{"amount": off, "discount": discount_id}]
            taken += off
        invoice["total_discount_amounts"] = [{"amount": taken, "discount": discount_id}]
    total = subtotal - taken
    balance = world.objects[invoice["customer"]]["balance"]
    due = max(0, total + balance)
    invoice.update(
        subtotal=subtotal,
        total=total,
        amount_due=due,
        amount_remaining=due,
        starting_balance=balance,
        ending_balance=None,
    )


def finalize(world: World, invoice: Obj) -> None:
    """From draft to open, with its number; what is negative stays with the customer."""
    number = f"OPT-{sum(one['number'] is not None for one in world.all_of('invoice')) + 1:04d}"
    customer = world.objects[invoice["customer"]]
    rest = invoice["total"] + invoice["starting_balance"]
    customer["balance"] = min(0, rest)
    transitions = invoice["status_transitions"] | {"finalized_at": world.time_of(invoice["customer"])}
    world.change(
        invoice,
        "invoice.finalized",
        status="open",
        number=number,
        ending_balance=min(0, rest),
        auto_advance=True,
        automatically_finalizes_at=None,
        hosted_invoice_url=f"{world.url}/invoices/{invoice['id']}",
        invoice_pdf=f"{world.url}/invoices/{invoice['id']}.pdf",
        status_transitions=transitions,
    )


def pay(world: World, invoice: Obj) -> bool:
    """Charges the customer's card for an open invoice; whether it paid."""
    customer = world.objects[invoice["customer"]]
    subscription = subscription_of(world, invoice)
    due = invoice["amount_due"]
    if due == 0:
        _is_paid(world, invoice, subscription)
        return True
    method = (subscription or {}).get("default_payment_method")
    method = method or customer["invoice_settings"]["default_payment_method"]
    intent_id = _intent_of(world, invoice)
    invoice.update(attempt_count=invoice["attempt_count"] + 1, attempted=True)
    if payments.charge(world, customer["id"], method, due, invoice["currency"], intent_id):
        payment = invoice["payments"]["data"][0]
        world.objects[payment["id"]].update(status="paid", amount_paid=due)
        payment.update(world.objects[payment["id"]])
        world.emit("invoice_payment.paid", payment)
        _is_paid(world, invoice, subscription)
        return True
    _has_failed(world, invoice, subscription)
    return False


def _intent_of(world: World, invoice: Obj) -> str:
    if not invoice["payments"]["data"]:
        intent = payments.new_intent(world, invoice["customer"], invoice["amount_due"], invoice["currency"])
        payment = world.add(
            "invoice_payment",
            customer_id=invoice["customer"],
            amount_requested=invoice["amount_due"],
            currency=invoice["currency"],
            invoice=invoice["id"],
            payment={"type": "payment_intent", "payment_intent": intent["id"]},
        )
        invoice["payments"]["data"] = [dict(payment)]
    found: str = invoice["payments"]["data"][0]["payment"]["payment_intent"]
    return found


def _is_paid(world: World, invoice: Obj, subscription: Obj | None) -> None:
    now = world.time_of(invoice["customer"])
    world.change(
        invoice,
        "invoice.paid",
        status="paid",
        amount_paid=invoice["amount_due"],
        amount_remaining=0,
        next_payment_attempt=None,
        status_transitions=invoice["status_transitions"] | {"paid_at": now},
    )
    if subscription and subscription["status"] in _LATE and subscription["latest_invoice"] == invoice["id"]:
        world.change(subscription, "customer.subscription.updated", status="active")


def _has_failed(world: World, invoice: Obj, subscription: Obj | None) -> None:
    tries, created = invoice["attempt_count"], invoice["status_transitions"]["finalized_at"]
    again = created + world.retry_days[tries - 1] * DAY if tries <= len(world.retry_days) else None
    world.change(invoice, "invoice.payment_failed", next_payment_attempt=again)
    if subscription is None or invoice["billing_reason"] == "subscription_create":
        return
    if again is None:
        ended = world.time_of(invoice["customer"]) if world.final_status == "canceled" else None
        event = "customer.subscription.deleted" if ended else "customer.subscription.updated"
        world.change(subscription, event, status=world.final_status, ended_at=ended, canceled_at=ended)
    elif subscription["status"] in ("active", "trialing"):
        world.change(subscription, "customer.subscription.updated", status="past_due")


def subscription_of(world: World, invoice: Obj) -> Obj | None:
    details = (invoice["parent"] or {}).get("subscription_details")
    return world.objects.get(details["subscription"]) if details else None


def pay_or_refuse(world: World, invoice: Obj) -> None:
    """Raises 402 when the card is declined."""
    if not pay(world, invoice):
        raise declined()


def get(world: World, request: Request) -> Obj:
    return world.get("invoice", request.id)


def list_all(world: World, request: Request) -> Obj:
    fields: dict[str, Any] = {name: request.text(name) for name in ("customer", "status") if name in request.params}
    found = world.all_of("invoice", **fields)
    if wanted := request.text("subscription"):
        found = [one for one in found if (subscription_of(world, one) or {}).get("id") == wanted]
    since = int(request.inner("created").get("gte", 0))
    return request.page("/v1/invoices", [one for one in found if one["created"] >= since])


def update(world: World, request: Request) -> Obj:
    invoice = world.get("invoice", request.id)
    fields: Obj = {}
    if (advance := request.flag("auto_advance")) is not None:
        fields["auto_advance"] = advance
    if (at := request.number("automatically_finalizes_at")) is not None:
        fields["automatically_finalizes_at"] = at
    world.change(invoice, "invoice.updated", **fields)
    return invoice


def finalize_now(world: World, request: Request) -> Obj:
    invoice = world.get("invoice", request.id)
    if invoice["status"] != "draft":
        raise invalid("This invoice is already finalized.", code="invoice_not_editable")
    finalize(world, invoice)
    if request.flag("auto_advance") is not False:
        pay(world, invoice)
    return invoice


def pay_now(world: World, request: Request) -> Obj:
    invoice = world.get("invoice", request.id)
    if invoice["status"] == "paid":
        raise invalid("Invoice is already paid", code="invoice_already_paid")
    pay_or_refuse(world, invoice)
    return invoice


def void(world: World, request: Request) -> Obj:
    invoice = world.get("invoice", request.id)
    if invoice["status"] not in ("open", "uncollectible"):
        raise invalid("You can only void open invoices.")
    world.change(invoice, "invoice.voided", status="void", next_payment_attempt=None)
    return invoice


def list_payments(world: World, request: Request) -> Obj:
    found = world.all_of("invoice_payment")
    if wanted := request.inner("payment").get("payment_intent"):
        found = [one for one in found if one["payment"]["payment_intent"] == wanted]
    if invoice_id := request.text("invoice"):
        found = [one for one in found if one["invoice"] == invoice_id]
    return listing("/v1/invoice_payments", found)


def get_payment(world: World, request: Request) -> Obj:
    return world.get("invoice_payment", request.id)


def require_before(moment: int | None, now: int) -> int:
    """The instant to prorate from. Raises 400 for one that is not in the past."""
    if moment is not None and moment > now:
        raise StripeFault(
            400, "invalid_request_error", "`proration_date` cannot be in the future.", param="proration_date"
        )
    return now if moment is None else moment
