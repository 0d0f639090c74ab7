"""Items that are added to an invoice while it is a draft, and invoices that are made for them."""

from decimal import ROUND_HALF_UP, Decimal

from infra.local.stripe_server import invoicing
from infra.local.stripe_server.errors import invalid
from infra.local.stripe_server.forms import Request
from infra.local.stripe_server.shapes import Obj, listing
from infra.local.stripe_server.world import World


def create_invoice(world: World, request: Request) -> Obj:
    """A draft without lines."""
    customer = world.get("customer", request.required("customer"))
    now = world.time_of(customer["id"])
    invoice = world.add(
        "invoice",
        customer=customer["id"],
        customer_id=customer["id"],
        currency=request.text("currency", "usd"),
        billing_reason="manual",
        metadata=request.inner("metadata"),
        auto_advance=request.flag("auto_advance") is True,
        automatically_finalizes_at=now + world.draft_seconds if request.flag("auto_advance") else None,
        default_payment_method=request.text("default_payment_method") or None,
        period_start=now,
        period_end=now,
        test_clock=customer["test_clock"],
    )
    invoice["lines"]["url"] = f"/v1/invoices/{invoice['id']}/lines"
    world.emit("invoice.created", invoice)
    return invoice


def create(world: World, request: Request) -> Obj:
    """An item of a draft: so many at a price each, or an amount."""
    customer = world.get("customer", request.required("customer"))
    invoice = world.get("invoice", request.required("invoice"))
    if invoice["status"] != "draft":
        raise invalid("This invoice is no longer editable.", code="invoice_not_editable", param="invoice")
    amount, each = request.number("amount"), request.text("unit_amount_decimal")
    quantity = request.number("quantity") or 1
    if (amount is None) == (not each):
        raise invalid("You must pass either amount or unit_amount_decimal.", param="amount")
    if amount is None:
        # Half a minor unit is one.
        amount = int((Decimal(each) * quantity).quantize(Decimal(1), ROUND_HALF_UP))
    now, period = world.time_of(customer["id"]), request.inner("period")
    item = world.add(
        "invoiceitem",
        customer=customer["id"],
        customer_id=customer["id"],
        amount=amount,
        net_amount=amount,
        currency=request.required("currency"),
        date=now,
        description=request.text("description") or None,
        invoice=invoice["id"],
        metadata=request.inner("metadata"),
        period={"start": int(period.get("start", now)), "end": int(period.get("end", now))},
        pricing={"type": "price_details", "price_details": None, "unit_amount_decimal": each or str(amount)},
        quantity=quantity,
        quantity_decimal=str(quantity),
        test_clock=customer["test_clock"],
    )
    invoice["lines"]["data"].append(_line(world, invoice, item))
    invoicing.add_up(world, invoice)
    world.emit("invoiceitem.created", item)
    world.emit("invoice.updated", invoice)
    return item


def _line(world: World, invoice: Obj, item: Obj) -> Obj:
    details = {"invoice_item": item["id"], "proration": False, "proration_details": None, "subscription": None}
    line = world.add(
        "line_item",
        **{name: item[name] for name in ("amount", "currency", "description", "metadata", "period", "pricing")},
        subtotal=item["amount"],
        quantity=item["quantity"],
        invoice=invoice["id"],
        parent={
            "type": "invoice_item_details",
            "invoice_item_details": details,
            "subscription_item_details": None,
        },
    )
    world.objects.pop(line["id"])
    return line


def list_all(world: World, request: Request) -> Obj:
    fields = {name: request.text(name) for name in ("customer", "invoice") if name in request.params}
    return listing("/v1/invoiceitems", world.all_of("invoiceitem", **fields)[: request.number("limit") or 10])
