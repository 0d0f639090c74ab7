"""Products, prices, coupons and promotion codes."""

import re
from decimal import Decimal

from infra.local.stripe_server.errors import invalid
from infra.local.stripe_server.forms import Request
from infra.local.stripe_server.shapes import Obj
from infra.local.stripe_server.world import World

_CODE = re.compile(r"[A-Za-z0-9-]{1,500}")


def create_product(world: World, request: Request) -> Obj:
    product_id = request.text("id")
    if product_id in world.objects:
        raise invalid(f"Product already exists: {product_id}", code="resource_already_exists", param="id")
    product = world.add("product", object_id=product_id, name=request.required("name"), updated=world.time_of())
    product["metadata"] = request.inner("metadata")
    product["description"] = request.text("description") or None
    world.emit("product.created", product)
    return product


def get_product(world: World, request: Request) -> Obj:
    return world.get("product", request.id)


def update_product(world: World, request: Request) -> Obj:
    product = world.get("product", request.id)
    fields = {name: request.params[name] for name in ("name", "description") if name in request.params}
    world.change(product, "product.updated", **fields)
    return product


def create_price(world: World, request: Request) -> Obj:
    product = world.get("product", request.required("product"))
    key = request.text("lookup_key") or None
    for other in world.all_of("price", lookup_key=key) if key else ():
        if not request.flag("transfer_lookup_key"):
            raise invalid(f"A price (`{other['id']}`) already uses that lookup key.", param="lookup_key")
        world.change(other, "price.updated", lookup_key=None)
    recurring = request.inner("recurring")
    amount = request.number("unit_amount")
    if amount is None:
        raise invalid("Missing required param: unit_amount.", code="parameter_missing", param="unit_amount")
    price = world.add(
        "price",
        product=product["id"],
        currency=request.required("currency").lower(),
        lookup_key=key,
        unit_amount=amount,
        unit_amount_decimal=str(amount),
        metadata=request.inner("metadata"),
    )
    if recurring:
        price["type"] = "recurring"
        price["recurring"] = {
            "interval": recurring["interval"],
            "interval_count": int(recurring.get("interval_count", 1)),
            "meter": recurring.get("meter"),
            "usage_type": recurring.get("usage_type", "licensed"),
        }
    world.emit("price.created", price)
    return price


def get_price(world: World, request: Request) -> Obj:
    return world.get("price", request.id)


def update_price(world: World, request: Request) -> Obj:
    """A price's amount never changes."""
    price = world.get("price", request.id)
    active = request.flag("active")
    if active is not None:
        world.change(price, "price.updated", active=active)
    return price


def list_prices(world: World, request: Request) -> Obj:
    keys = request.params.get("lookup_keys")
    found = [one for one in world.all_of("price") if keys is None or one["lookup_key"] in keys]
    return request.page("/v1/prices", found)


def create_coupon(world: World, request: Request) -> Obj:
    percent, amount = request.text("percent_off"), request.number("amount_off")
    if bool(percent) == (amount is not None):
        raise invalid("You must pass either percent_off or amount_off.", param="percent_off")
    coupon = world.add(
        "coupon",
        object_id=request.text("id"),
        percent_off=float(percent) if percent else None,
        amount_off=amount,
        currency=request.text("currency").lower() or None,
        duration=request.text("duration", "once"),
        duration_in_months=request.number("duration_in_months"),
        max_redemptions=request.number("max_redemptions"),
        redeem_by=request.number("redeem_by"),
        name=request.text("name") or None,
        metadata=request.inner("metadata"),
    )
    if request.inner("applies_to"):
        coupon["applies_to"] = {"products": request.inner("applies_to").get("products", [])}
    world.emit("coupon.created", coupon)
    return coupon


def get_coupon(world: World, request: Request) -> Obj:
    return world.get("coupon", request.id)


def list_coupons(world: World, request: Request) -> Obj:
    return request.page("/v1/coupons", world.all_of("coupon"))


def create_promotion_code(world: World, request: Request) -> Obj:
    promotion = request.inner("promotion")
    coupon = world.get("coupon", str(promotion.get("coupon", "")))
    code = request.text("code") or world.new_id("CODE").replace("_", "")
    if not _CODE.fullmatch(code):
        raise invalid("Codes have letters, digits and dashes.", param="code")
    if any(one["active"] and one["code"].lower() == code.lower() for one in world.all_of("promotion_code")):
        raise invalid("An active promotion code with `code: " + code + "` already exists.", param="code")
    made = world.add(
        "promotion_code",
        code=code,
        active=request.flag("active") is not False,
        promotion={"type": "coupon", "coupon": coupon["id"]},
        max_redemptions=request.number("max_redemptions"),
        expires_at=request.number("expires_at"),
        metadata=request.inner("metadata"),
    )
    restrictions = request.inner("restrictions")
    if "first_time_transaction" in restrictions:
        made["restrictions"]["first_time_transaction"] = restrictions["first_time_transaction"] == "true"
    world.emit("promotion_code.created", made)
    return made


def get_promotion_code(world: World, request: Request) -> Obj:
    return world.get("promotion_code", request.id)


def update_promotion_code(world: World, request: Request) -> Obj:
    code = world.get("promotion_code", request.id)
    active = request.flag("active")
    if active is not None:
        world.change(code, "promotion_code.updated", active=active)
    return code


def list_promotion_codes(world: World, request: Request) -> Obj:
    wanted = request.text("code").lower()
    found = [one for one in world.all_of("promotion_code") if not wanted or one["code"].lower() == wanted]
    return request.page("/v1/promotion_codes", found)


def coupon_of(world: World, discounts: list[Obj]) -> tuple[Obj, str | None] | None:
    """The coupon that a discount of a request names, and its promotion code. Raises 400 for one that is over."""
    if not discounts:
        return None
    if len(discounts) > 1:
        raise invalid("You may only specify one discount.", param="discounts")
    named = discounts[0]
    code_id = named.get("promotion_code")
    if code_id:
        code = world.get("promotion_code", code_id)
        used_up = code["max_redemptions"] is not None and code["times_redeemed"] >= code["max_redemptions"]
        if not code["active"] or used_up or (code["expires_at"] and code["expires_at"] <= world.time_of()):
            raise invalid("This promotion code cannot be redeemed.", param="discounts[0][promotion_code]")
        return world.get("coupon", code["promotion"]["coupon"]), code_id
    return world.get("coupon", named.get("coupon", "")), None


def require_fits(world: World, discounts: list[Obj], price: Obj, customer_id: str) -> None:
    """Raises 400 for a discount that is not for this price, or not for a customer who paid before."""
    found = coupon_of(world, discounts)
    if found is None:
        return
    coupon, code_id = found
    first_only = code_id and world.get("promotion_code", code_id)["restrictions"]["first_time_transaction"]
    if first_only and world.all_of("invoice", customer=customer_id, status="paid"):
        raise invalid("This code is for customers without earlier payments.", param="code")
    if not is_for(coupon, price["product"]):
        raise invalid("This code is not valid for these products.", param="code")


def is_for(coupon: Obj, product_id: str) -> bool:
    """Whether a coupon takes something off a product."""
    products = (coupon.get("applies_to") or {}).get("products")
    return not products or product_id in products


def discount_on(coupon: Obj, amount: int) -> int:
    """What a coupon takes off an amount."""
    if coupon["percent_off"] is not None:
        # A float's shortest text is what was sent.
        return int((Decimal(str(coupon["percent_off"])) * amount / 100).quantize(Decimal(1)))
    return min(int(coupon["amount_off"]), amount)
