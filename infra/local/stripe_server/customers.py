"""Customers and their cards."""

from typing import Any

from infra.local.stripe_server.errors import declined, invalid
from infra.local.stripe_server.forms import Request
from infra.local.stripe_server.shapes import Obj, listing
from infra.local.stripe_server.world import World

GOOD, DECLINED, FAILS_LATER = "4242424242424242", "4000000000000002", "4000000000000341"
"""Test cards (docs.stripe.com/testing): it pays; it is declined; it can be kept, and is declined when it is charged."""
_BRANDS = {GOOD: "visa", DECLINED: "visa", FAILS_LATER: "visa", "5555555555554444": "mastercard"}
_PLAIN = ("email", "name", "description")


def create(world: World, request: Request) -> Obj:
    clock = request.text("test_clock") or None
    if clock:
        world.get("test_helpers.test_clock", clock)
    customer = world.add("customer", test_clock=clock)
    if clock:
        customer["created"] = world.time_of(customer["id"])
    _fill(world, customer, request)
    world.emit("customer.created", customer)
    return customer


def get(world: World, request: Request) -> Obj:
    found = world.get("customer", request.id)
    return {"id": found["id"], "object": "customer", "deleted": True} if found.get("deleted") else found


def update(world: World, request: Request) -> Obj:
    customer = world.get("customer", request.id)
    before = {name: customer[name] for name in (*_PLAIN, "invoice_settings")}
    _fill(world, customer, request)
    changed = {name: value for name, value in before.items() if customer[name] != value}
    world.emit("customer.updated", customer, changed)
    return customer


def delete(world: World, request: Request) -> Obj:
    customer = world.get("customer", request.id)
    world.emit("customer.deleted", customer)
    customer["deleted"] = True
    return {"id": customer["id"], "object": "customer", "deleted": True}


def _fill(world: World, customer: Obj, request: Request) -> None:
    for name in _PLAIN:
        if name in request.params:
            customer[name] = request.text(name) or None
    if "address" in request.params:
        customer["address"] = request.inner("address") or None
    customer["metadata"] = customer["metadata"] | request.inner("metadata")
    if chosen := request.inner("invoice_settings").get("default_payment_method"):
        if world.get("payment_method", chosen)["customer"] != customer["id"]:
            raise invalid("The payment method is not of this customer.", param="invoice_settings")
        customer["invoice_settings"] = customer["invoice_settings"] | {"default_payment_method": chosen}


def list_methods(world: World, request: Request) -> Obj:
    world.get("customer", request.id)
    found = world.all_of("payment_method", customer=request.id)
    return listing(f"/v1/customers/{request.id}/payment_methods", found)


def get_method(world: World, request: Request) -> Obj:
    return world.get("payment_method", request.id)


def detach_method(world: World, request: Request) -> Obj:
    method = world.get("payment_method", request.id)
    world.change(method, "payment_method.detached", customer=None)
    return method


def keep_card(world: World, customer_id: str, number: str) -> Obj:
    """The card as a method of the customer, its default. Raises 402 for a card that is declined."""
    if number == DECLINED:
        raise declined()
    if number not in _BRANDS:
        raise invalid("Your card number is incorrect.", code="incorrect_number", param="number")
    card: dict[str, Any] = {
        "brand": _BRANDS[number],
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": "US",
        "display_brand": _BRANDS[number],
        "exp_month": 12,
        "exp_year": 2034,
        "fingerprint": f"fp{number[-8:]}",
        "funding": "credit",
        "generated_from": None,
        "last4": number[-4:],
        "networks": {"available": [_BRANDS[number]], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }
    method = world.add("payment_method", customer=customer_id, customer_id=customer_id, card=card)
    world.hidden[method["id"]] = {"fails": number == FAILS_LATER}
    world.emit("payment_method.attached", method)
    customer = world.get("customer", customer_id)
    settings = customer["invoice_settings"] | {"default_payment_method": method["id"]}
    world.change(customer, "customer.updated", invoice_settings=settings)
    return method
