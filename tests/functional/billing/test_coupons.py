"""Coupons: created here, mirrored to Stripe, taken at its page. Case 30."""

from typing import Any

import pytest
from optiq.audit import api as audit
from optiq.audit.contracts import PLATFORM
from optiq.billing.coupons import api as coupons
from optiq.billing.coupons.contracts import Coupon
from optiq.billing.subscribing import api as subscribing
from optiq.kernel.clock import DAY_MS
from optiq.kernel.errors import ConflictError, InvalidError
from optiq.kernel.ids import new_id

from infra.local.stripe_server import checkout
from infra.local.stripe_server.customers import GOOD
from infra.local.stripe_server.errors import StripeFault
from tests.functional.billing.paying import OPERATOR, Paying
from tests.functional.billing.test_staff import operate

MICROS = 1_000_000


def created(payer: Paying, **given: Any) -> Coupon:
    """A coupon with a code that no other has."""
    code = new_id("c", payer.now_ms).replace("_", "-")
    fields: dict[str, Any] = {"code": code, "name": "Spring", "duration": "ONCE", "percent_basis_points": 2_500}
    return coupons.create_coupon(OPERATOR, **fields | given, clock=payer.clock)


def push(payer: Paying, coupon: Coupon) -> list[str]:
    """What it says of a coupon; other tests have theirs in the same table."""
    return [one for one in coupons.push_coupons(payer.gateway.coupons, payer.clock) if coupon.code in one]


def subscribe(payer: Paying, code: str, plan: str = "STARTER") -> None:
    checkout.complete(payer.world, payer.open_page(plan), GOOD, code)
    payer.deliver()


def totals(payer: Paying) -> list[int]:
    """Of the invoices, the oldest first."""
    return [one.total_micros for one in subscribing.list_invoices(payer.caller).items][::-1]


def uses_of(coupon: Coupon) -> int:
    found = [one for one in coupons.list_coupons(limit=100).items if one.coupon_id == coupon.coupon_id]
    return found[0].uses


def test_percentage_once_is_taken_off_the_first_invoice(payer: Paying) -> None:
    """Case 30: 25 % once on $29 is $21.75, and $29 the month after; it is typed in small letters."""
    coupon = created(payer)
    assert push(payer, coupon) == [f"coupon {coupon.code}"]
    assert push(payer, coupon) == []
    subscribe(payer, coupon.code.lower())
    payer.pass_to("2026-05-01T02:00:00Z")
    assert totals(payer) == [21_750_000, 29 * MICROS]
    (first, _) = subscribing.list_invoices(payer.caller).items[::-1]
    assert first.discount_micros == 7_250_000
    push(payer, coupon)
    assert uses_of(coupon) == 1


def test_amount_is_taken_off_for_its_months(payer: Paying) -> None:
    coupon = created(
        payer, percent_basis_points=None, amount_micros=5 * MICROS, currency="USD", duration="REPEATING", months=2
    )
    push(payer, coupon)
    subscribe(payer, coupon.code)
    for month in (5, 6):
        payer.pass_to(f"2026-0{month}-01T02:00:00Z")
    assert totals(payer) == [24 * MICROS, 24 * MICROS, 29 * MICROS]


def test_coupon_of_a_plan_is_refused_for_another(payer: Paying) -> None:
    coupon = created(payer, plans=("PROFESSIONAL",), duration="FOREVER")
    push(payer, coupon)
    with pytest.raises(StripeFault, match="not valid for these products"):
        subscribe(payer, coupon.code)
    subscribe(payer, coupon.code, "PROFESSIONAL")
    assert totals(payer) == [74_250_000]


def test_coupon_is_used_as_often_as_it_may_be(payer: Paying) -> None:
    coupon = created(payer, max_uses=1)
    push(payer, coupon)
    subscribe(payer, coupon.code)
    payer.begin()
    with pytest.raises(StripeFault):
        subscribe(payer, coupon.code)
    push(payer, coupon)
    assert uses_of(coupon) == coupon.max_uses


def test_coupon_counts_between_its_instants_and_while_it_is_on(payer: Paying) -> None:
    begins_ms = payer.now_ms + DAY_MS
    coupon = created(payer, valid_from_ms=begins_ms, valid_until_ms=begins_ms + 10 * DAY_MS)
    assert push(payer, coupon) == []
    payer.now_ms = begins_ms
    assert push(payer, coupon) == [f"coupon {coupon.code}"]
    off = coupons.switch_coupon(OPERATOR, coupon.coupon_id, active=False)
    assert push(payer, coupon) == [f"coupon {coupon.code}: turned off"]
    with pytest.raises(StripeFault):
        subscribe(payer, coupon.code)
    coupons.switch_coupon(OPERATOR, coupon.coupon_id, active=True, expected_version=off.version)
    assert push(payer, coupon) == [f"coupon {coupon.code}: turned on"]
    payer.now_ms = begins_ms + 10 * DAY_MS
    assert push(payer, coupon) == [f"coupon {coupon.code}: turned off"]


def test_code_that_stripe_has_already_holds_no_other_coupon_up(payer: Paying) -> None:
    coupon = created(payer)
    key = {"authorization": "Bearer sk_test_x"}
    payer.server.call("POST", "/v1/coupons", key, "id=other&percent_off=5")
    body = f"promotion[type]=coupon&promotion[coupon]=other&code={coupon.code}"
    payer.server.call("POST", "/v1/promotion_codes", key, body)
    other = created(payer)
    (refused,) = push(payer, coupon)
    assert refused.startswith(f"nothing of coupon {coupon.code}: Stripe refuses this")
    assert payer.gateway.coupons.find_code(other) is not None


def test_code_is_of_one_coupon(payer: Paying) -> None:
    coupon = created(payer)
    with pytest.raises(ConflictError, match="code"):
        created(payer, code=coupon.code.lower())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", "a b"),
        ("percent_basis_points", 10_001),
        ("percent_basis_points", None),
        ("amount_micros", 5 * MICROS),
        ("currency", "USD"),
        ("months", 3),
        ("plans", ("FREE",)),
        ("max_uses", 0),
        ("valid_until_ms", 1),
    ],
)
def test_coupon_that_cannot_be_is_refused(payer: Paying, field: str, value: object) -> None:
    with pytest.raises(InvalidError):
        created(payer, **{field: value})


def test_coupon_is_created_and_turned_off_over_http_and_audited(payer: Paying) -> None:
    code = new_id("c", payer.now_ms).replace("_", "-").upper()
    body = {"code": code, "name": "Fair", "duration": "ONCE", "amount": "5.00", "currency": "EUR", "plans": ["STARTER"]}
    status, made = operate("POST", "coupons", body)
    assert (status, made["amount_micros"], made["status"]) == (201, 5_000_000, "ACTIVE")
    off = {"coupon_id": made["coupon_id"], "active": False, "version": made["version"]}
    assert operate("PATCH", "coupons", off)[1]["status"] == "INACTIVE"
    assert operate("PATCH", "coupons", off)[0] == 409
    assert operate("GET", "coupons")[1]["items"][0]["code"] == code
    actions = [one.change for one in audit.entries(PLATFORM).items if one.change.entity == made["coupon_id"]]
    assert [(one.action, one.actor) for one in actions] == [
        ("coupon.changed", "operator"),
        ("coupon.created", "operator"),
    ]
