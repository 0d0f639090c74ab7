"""Subscriptions: begun, changed with proration, renewed, paused, ended."""

from typing import Any

from infra.local.stripe_server import invoicing
from infra.local.stripe_server.catalogue import coupon_of, discount_on
from infra.local.stripe_server.dates import after
from infra.local.stripe_server.errors import declined, invalid
from infra.local.stripe_server.forms import Request
from infra.local.stripe_server.invoicing import Draft, prorated
from infra.local.stripe_server.shapes import Obj
from infra.local.stripe_server.world import World

_MONTHS = {"month": 1, "year": 12}
_ENDED = ("canceled", "incomplete_expired")
_UPDATED = "customer.subscription.updated"


def create(world: World, request: Request) -> Obj:
    """With a card that fails, incomplete for 23 hours."""
    customer = world.get("customer", request.required("customer"))
    prices = [world.get("price", str(one.get("price", ""))) for one in request.each("items")]
    if len(prices) != 1:
        raise invalid("This account sells subscriptions of one item.", param="items")
    method = request.text("default_payment_method") or None
    metadata, discounts = request.inner("metadata"), request.each("discounts")
    return begin(world, customer, prices[0], metadata, method, discounts, request.number("trial_end"))


def begin(
    world: World,
    customer: Obj,
    price: Obj,
    metadata: Obj,
    method: str | None,
    discounts: list[Obj],
    trial_end: int | None = None,
) -> Obj:
    now = world.time_of(customer["id"])
    end = trial_end or _after(now, price, 1)
    subscription = world.add(
        "subscription",
        customer=customer["id"],
        customer_id=customer["id"],
        billing_cycle_anchor=trial_end or now,
        currency=price["currency"],
        default_payment_method=method,
        metadata=metadata,
        start_date=now,
        status="trialing" if trial_end else "incomplete",
        test_clock=customer["test_clock"],
        trial_start=now if trial_end else None,
        trial_end=trial_end,
    )
    _discount(world, subscription, discounts)
    item = world.add("subscription_item", customer_id=customer["id"], subscription=subscription["id"], price=price)
    item.update(current_period_start=now, current_period_end=end, plan=_plan(price))
    subscription["items"]["data"] = [item]
    world.objects.pop(item["id"])
    world.emit("customer.subscription.created", subscription)
    amount = 0 if trial_end else price["unit_amount"]
    line = Draft(price, amount, now, end, item["id"], description=f"1 × {_name(world, price)}")
    invoice = invoicing.make(world, subscription, "subscription_create", [line])
    _debited(world, subscription, invoice)
    world.emit("invoice.created", invoice)
    invoicing.finalize(world, invoice)
    world.change(subscription, _UPDATED, latest_invoice=invoice["id"])
    if invoicing.pay(world, invoice) and not trial_end:
        world.change(subscription, _UPDATED, status="active")
    return subscription


def get(world: World, request: Request) -> Obj:
    return world.get("subscription", request.id)


def list_all(world: World, request: Request) -> Obj:
    status = request.text("status")
    fields = {"customer": request.text("customer")} if request.text("customer") else {}
    found = [
        one
        for one in world.all_of("subscription", **fields)
        if status in ("all", one["status"]) or (not status and one["status"] not in _ENDED)
    ]
    return request.page("/v1/subscriptions", found)


def update(world: World, request: Request) -> Obj:
    subscription = _living(world, request.id)
    scheduled = subscription["schedule"] is not None
    if scheduled and {"cancel_at_period_end", "cancel_at", "items"} & request.params.keys():
        raise invalid(
            f"The subscription is managed by the subscription schedule `{subscription['schedule']}`, and updating any "
            "cancelation behavior directly is not allowed. Please update the schedule instead."
        )
    if request.each("items"):
        _change_price(world, subscription, request)
    fields: Obj = {}
    if (ends := request.flag("cancel_at_period_end")) is not None:
        end = _item(subscription)["current_period_end"]
        now = world.time_of(subscription["customer"])
        fields = {
            "cancel_at_period_end": ends,
            "cancel_at": end if ends else None,
            "canceled_at": now if ends else None,
        }
    if request.text("default_payment_method"):
        fields["default_payment_method"] = request.text("default_payment_method")
    if request.inner("metadata"):
        fields["metadata"] = subscription["metadata"] | request.inner("metadata")
    world.change(subscription, _UPDATED, **fields)
    return subscription


def _change_price(world: World, subscription: Obj, request: Request) -> None:
    now = world.time_of(subscription["customer"])
    at = invoicing.require_before(request.number("proration_date"), now)
    price, behavior = _wanted(world, subscription, request.each("items")), request.text("proration_behavior")
    drafts = changed_lines(world, subscription, price, at)
    refuses = request.text("payment_behavior") == "error_if_incomplete"
    if refuses and behavior == "always_invoice" and _would_fail(world, subscription, drafts):
        raise declined()
    put_price(world, subscription, price, at)
    if behavior != "always_invoice":
        return
    invoice = invoicing.make(world, subscription, "subscription_update", drafts)
    world.emit("invoice.created", invoice)
    invoicing.finalize(world, invoice)
    world.change(subscription, _UPDATED, latest_invoice=invoice["id"])
    invoicing.pay(world, invoice)


def _would_fail(world: World, subscription: Obj, drafts: list[Draft]) -> bool:
    customer = world.objects[subscription["customer"]]
    method = subscription["default_payment_method"] or customer["invoice_settings"]["default_payment_method"]
    is_due = sum(draft.amount for draft in drafts) + customer["balance"] > 0
    return is_due and (method is None or world.hidden.get(method, {}).get("fails", False))


def changed_lines(world: World, subscription: Obj, price: Obj, at: int) -> list[Draft]:
    """What a change of price at an instant credits and debits. Another interval begins a period of its own."""
    item = _item(subscription)
    start, end = item["current_period_start"], item["current_period_end"]
    old, whole, left = item["price"], end - start, end - at
    paid = world.hidden.get(subscription["id"], {}).get("debited", old["unit_amount"])
    # In flexible billing a credit is a part of what was really debited.
    credit = Draft(old, -prorated(paid, left, whole), at, end, item["id"], True, f"Unused time on {_name(world, old)}")
    if price["recurring"]["interval"] != old["recurring"]["interval"]:
        fresh = Draft(price, price["unit_amount"], at, _after(at, price, 1), item["id"], False, _name(world, price))
        return [credit, fresh]
    amount = prorated(price["unit_amount"], left, whole)
    return [credit, Draft(price, amount, at, end, item["id"], True, f"Remaining time on {_name(world, price)}")]


def put_price(world: World, subscription: Obj, price: Obj, at: int, *, within: bool = True) -> None:
    """Changes the price from an instant on, `within` a period or at its end; there the renewal begins the next."""
    item = _item(subscription)
    moved = within and price["recurring"]["interval"] != item["price"]["recurring"]["interval"]
    changed = item | {"price": price, "plan": _plan(price)}
    fields: Obj = {}
    if moved:
        changed |= {"current_period_start": at, "current_period_end": _after(at, price, 1)}
        fields["billing_cycle_anchor"] = at
    world.hidden.setdefault(subscription["id"], {})["debited"] = price["unit_amount"]
    items = subscription["items"] | {"data": [changed]}
    world.change(subscription, _UPDATED, items=items, **fields)


def preview(world: World, request: Request) -> Obj:
    """The invoice that a change would make at once."""
    details = request.inner("subscription_details")
    subscription = _living(world, request.required("subscription"))
    price = _wanted(world, subscription, details.get("items", []))
    moment = details.get("proration_date")
    at = invoicing.require_before(int(moment) if moment else None, world.time_of(subscription["customer"]))
    drafts = changed_lines(world, subscription, price, at)
    return invoicing.make(world, subscription, "upcoming", drafts, kept=False)


def cancel(world: World, request: Request) -> Obj:
    subscription = _living(world, request.id)
    if subscription["schedule"]:
        world.get("subscription_schedule", subscription["schedule"])["status"] = "canceled"
    end(world, subscription)
    return subscription


def end(world: World, subscription: Obj, status: str = "canceled") -> None:
    now = world.time_of(subscription["customer"])
    canceled = subscription["canceled_at"] or now
    deleted = "customer.subscription.deleted" if status == "canceled" else _UPDATED
    world.change(subscription, deleted, status=status, ended_at=now, canceled_at=canceled, schedule=None)


def pause(world: World, request: Request) -> Obj:
    subscription = _living(world, request.id)
    if subscription["schedule"]:
        raise invalid("You cannot pause a subscription with a schedule attached.")
    details = {"paused": {"subscription": {"type": "pause_requested"}}}
    world.change(subscription, "customer.subscription.paused", status="paused", status_details=details)
    return subscription


def resume(world: World, request: Request) -> Obj:
    """A new period begins, and is paid before the subscription is active again."""
    subscription = world.get("subscription", request.id)
    if subscription["status"] != "paused":
        raise invalid("Only paused subscriptions can be resumed.")
    now, item = world.time_of(subscription["customer"]), _item(subscription)
    until = _after(now, item["price"], 1)
    line = Draft(item["price"], item["price"]["unit_amount"], now, until, item["id"], description="Resumed")
    invoice = invoicing.make(world, subscription, "subscription_cycle", [line])
    world.emit("invoice.created", invoice)
    invoicing.finalize(world, invoice)
    world.change(subscription, _UPDATED, latest_invoice=invoice["id"])
    if not invoicing.pay(world, invoice):
        if request.text("payment_behavior") == "resume_on_payment_success":
            return subscription
        raise declined()
    _move(world, subscription, now, until)
    subscription["billing_cycle_anchor"] = now
    world.change(subscription, "customer.subscription.resumed", status="active", status_details=None)
    return subscription


def renew(world: World, subscription: Obj) -> None:
    """The next period begins: its invoice is a draft for an hour."""
    if subscription["cancel_at_period_end"]:
        end(world, subscription)
        return
    item = _item(subscription)
    start = item["current_period_end"]
    until = _next(subscription, item["price"], start)
    _move(world, subscription, start, until)
    price = _item(subscription)["price"]
    if subscription["status"] == "trialing":
        subscription["status"] = "active"
    line = Draft(price, price["unit_amount"], start, until, item["id"], description=f"1 × {_name(world, price)}")
    _end_discount(world, subscription, start)
    invoice = invoicing.make(world, subscription, "subscription_cycle", [line])
    _debited(world, subscription, invoice)
    invoice.update(auto_advance=True, automatically_finalizes_at=start + world.draft_seconds)
    world.emit("invoice.created", invoice)
    world.change(subscription, _UPDATED, latest_invoice=invoice["id"])


def _move(world: World, subscription: Obj, start: int, until: int) -> None:
    moved = _item(subscription) | {"current_period_start": start, "current_period_end": until}
    world.change(subscription, _UPDATED, items=subscription["items"] | {"data": [moved]})


def _debited(world: World, subscription: Obj, invoice: Obj) -> None:
    """Notes what the period really costs; a discount for once is over then."""
    world.hidden.setdefault(subscription["id"], {})["debited"] = invoice["total"]
    for discount_id in subscription["discounts"]:
        coupon = world.get("coupon", world.objects[discount_id]["source"]["coupon"])
        if coupon["duration"] == "once":
            subscription["discounts"] = []


def _end_discount(world: World, subscription: Obj, at: int) -> None:
    """A discount for some months is over when they are."""
    for discount_id in subscription["discounts"]:
        discount = world.objects[discount_id]
        coupon = world.get("coupon", discount["source"]["coupon"])
        if coupon["duration"] == "repeating" and at >= after(discount["start"], coupon["duration_in_months"]):
            subscription["discounts"] = []


def _discount(world: World, subscription: Obj, discounts: list[Obj]) -> None:
    found = coupon_of(world, discounts)
    if not found:
        return
    coupon, code_id = found
    discount = world.add(
        "discount",
        customer=subscription["customer"],
        promotion_code=code_id,
        source={"type": "coupon", "coupon": coupon["id"]},
        start=subscription["start_date"],
        subscription=subscription["id"],
    )
    subscription["discounts"] = [discount["id"]]
    coupon["times_redeemed"] += 1
    if code_id:
        code = world.get("promotion_code", code_id)
        world.change(code, "promotion_code.updated", times_redeemed=code["times_redeemed"] + 1)


def first_amount(world: World, price: Obj, discounts: list[Obj]) -> int:
    """What the first period costs."""
    found = coupon_of(world, discounts)
    amount: int = price["unit_amount"]
    return amount - (discount_on(found[0], amount) if found else 0)


def _wanted(world: World, subscription: Obj, items: list[Obj]) -> Obj:
    item = _item(subscription)
    if len(items) != 1 or items[0].get("id") != item["id"]:
        raise invalid("Name the subscription's item by its id.", param="items")
    price = world.get("price", str(items[0].get("price", "")))
    if price["currency"] != subscription["currency"]:
        raise invalid("The price has another currency than the subscription.", param="items")
    return price


def _living(world: World, subscription_id: str) -> Obj:
    subscription = world.get("subscription", subscription_id)
    if subscription["status"] in _ENDED:
        raise invalid("A canceled subscription can only update its cancellation_details and metadata.")
    return subscription


def _item(subscription: Obj) -> Obj:
    item: Obj = subscription["items"]["data"][0]
    return item


def _after(start: int, price: Obj, periods: int) -> int:
    return after(start, periods * _MONTHS[price["recurring"]["interval"]])


def _next(subscription: Obj, price: Obj, start: int) -> int:
    """The boundary after one, by the anchor, so that a short month moves none after it."""
    anchor, step, number = subscription["billing_cycle_anchor"], _MONTHS[price["recurring"]["interval"]], 0
    while (found := after(anchor, number)) <= start:
        number += step
    return found


def _name(world: World, price: Obj) -> str:
    name: str = world.objects[price["product"]]["name"]
    return name


def _plan(price: Obj) -> dict[str, Any]:
    """What a price was before there were prices."""
    recurring = price["recurring"] or {}
    return {
        "id": price["id"],
        "object": "plan",
        "active": price["active"],
        "amount": price["unit_amount"],
        "amount_decimal": price["unit_amount_decimal"],
        "billing_scheme": "per_unit",
        "created": price["created"],
        "currency": price["currency"],
        "interval": recurring.get("interval", "month"),
        "interval_count": 1,
        "livemode": False,
        "metadata": {},
        "meter": None,
        "nickname": None,
        "product": price["product"],
        "tiers_mode": None,
        "transform_usage": None,
        "trial_period_days": None,
        "usage_type": "licensed",
    }
