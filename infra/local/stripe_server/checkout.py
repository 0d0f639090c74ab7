"""Checkout sessions, and what becomes of one when somebody pays."""

from infra.local.stripe_server import payments, subscriptions
from infra.local.stripe_server.catalogue import coupon_of, require_fits
from infra.local.stripe_server.customers import FAILS_LATER, keep_card
from infra.local.stripe_server.errors import declined, invalid
from infra.local.stripe_server.forms import Request
from infra.local.stripe_server.shapes import Obj
from infra.local.stripe_server.world import World

_DAY = 86_400


def create(world: World, request: Request) -> Obj:
    mode = request.required("mode")
    customer = world.get("customer", request.required("customer"))
    lines = [(_price(world, one), int(one.get("quantity", 1))) for one in request.each("line_items")]
    if not lines:
        raise invalid("Missing required param: line_items.", code="parameter_missing", param="line_items")
    if mode == "subscription" and lines[0][0]["type"] != "recurring":
        raise invalid("You must provide at least one recurring price in `subscription` mode.", param="line_items")
    now = world.time_of(customer["id"])
    until = request.number("expires_at") or now + _DAY
    if not now + 1_800 <= until <= now + _DAY:
        raise invalid("The `expires_at` timestamp must be between 30 minutes and 24 hours away.", param="expires_at")
    discounts = request.each("discounts")
    require_fits(world, discounts, lines[0][0], customer["id"])
    amount = sum(price["unit_amount"] * quantity for price, quantity in lines)
    first = subscriptions.first_amount(world, lines[0][0], discounts) if len(lines) == 1 else amount
    session = world.add(
        "checkout.session",
        customer=customer["id"],
        customer_id=customer["id"],
        mode=mode,
        amount_subtotal=amount,
        amount_total=first,
        currency=lines[0][0]["currency"],
        client_reference_id=request.text("client_reference_id") or None,
        metadata=request.inner("metadata"),
        success_url=request.required("success_url"),
        cancel_url=request.text("cancel_url") or None,
        expires_at=until,
    )
    session["url"] = f"{world.url}/pay/{session['id']}"
    world.hidden[session["id"]] = {
        "price": lines[0][0]["id"],
        "discounts": discounts,
        "metadata": request.inner("subscription_data").get("metadata", {}),
        "codes": request.flag("allow_promotion_codes") is True,
        "intent": request.inner("payment_intent_data").get("metadata", {}),
    }
    return session


def get(world: World, request: Request) -> Obj:
    return world.get("checkout.session", request.id)


def list_all(world: World, request: Request) -> Obj:
    names = [name for name in ("customer", "subscription", "payment_intent") if name in request.params]
    found = world.all_of("checkout.session", **{name: request.text(name) for name in names})
    return request.page("/v1/checkout/sessions", found)


def expire(world: World, request: Request) -> Obj:
    session = world.get("checkout.session", request.id)
    if session["status"] != "open":
        raise invalid("Only open checkout sessions can be expired.")
    expire_now(world, session)
    return session


def expire_now(world: World, session: Obj) -> None:
    world.change(session, "checkout.session.expired", status="expired", url=None)


def complete(world: World, session_id: str, card: str, code: str = "") -> str:
    """Somebody pays with a card, and is sent back. The subscription is made after the payment.

    Raises:
        StripeFault: 402 for a card that is declined, 400 for a session that is over or a code that is none.
    """
    session = world.get("checkout.session", session_id)
    if session["status"] != "open":
        raise invalid("This checkout session is no longer open.")
    hidden, customer = world.hidden[session_id], world.get("customer", session["customer"])
    if code:
        hidden["discounts"] = [{"promotion_code": _code(world, code)}]
    if card == FAILS_LATER:
        card, failing = "4242424242424242", True
    else:
        failing = False
    price = world.get("price", hidden["price"])
    require_fits(world, hidden["discounts"], price, customer["id"])
    method = keep_card(world, customer["id"], card)
    if session["mode"] == "subscription":
        made = subscriptions.begin(world, customer, price, hidden["metadata"], method["id"], hidden["discounts"])
        invoice = world.get("invoice", made["latest_invoice"])
        fields = {"subscription": made["id"], "invoice": invoice["id"], "amount_total": invoice["total"]}
    else:
        intent = payments.new_intent(world, customer["id"], session["amount_total"], session["currency"])
        intent["metadata"] = hidden["intent"]
        if not payments.charge(
            world, customer["id"], method["id"], session["amount_total"], session["currency"], intent["id"]
        ):
            raise declined()
        fields = {"payment_intent": intent["id"]}
    if failing:
        world.hidden[method["id"]]["fails"] = True
    world.change(session, "checkout.session.completed", status="complete", payment_status="paid", url=None, **fields)
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session_id)


def _price(world: World, line: Obj) -> Obj:
    """The price of a line, or one that is made for it."""
    data = line.get("price_data")
    if data is None:
        return world.get("price", str(line.get("price", "")))
    product = world.add("product", name=data["product_data"]["name"], updated=world.time_of())
    amount = int(data["unit_amount"])
    return world.add(
        "price",
        product=product["id"],
        currency=data["currency"],
        unit_amount=amount,
        unit_amount_decimal=str(amount),
        active=False,
    )


def _code(world: World, text: str) -> str:
    wanted = text.strip().lower()
    found = next(
        (one for one in world.all_of("promotion_code") if one["active"] and one["code"].lower() == wanted), None
    )
    if found is None:
        raise invalid("This code is invalid.", param="code")
    code_id: str = found["id"]
    coupon_of(world, [{"promotion_code": code_id}])
    return code_id
