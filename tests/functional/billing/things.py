"""An invoice, and bodies, for the tests over all routes."""

from collections.abc import Callable, Mapping

from optiq.billing.mirror.contracts import Invoice
from optiq.billing.mirror.shelf import TableShelf
from optiq.billing.vouchers import api as vouchers
from optiq.kernel.caller import Caller
from optiq.kernel.clock import system_clock
from optiq.kernel.ids import new_id


def _invoice(organization_id: str, _site_id: str) -> str:
    invoice_id, now_ms = new_id("in", system_clock()), system_clock()
    amounts = dict.fromkeys(
        ("subtotal_micros", "discount_micros", "tax_micros", "total_micros", "paid_micros", "due_micros"), 0
    )
    invoice = Invoice(
        organization_id, invoice_id, "OPT-1", "PAID", "MANUAL", "USD", created_ms=now_ms, version=1, **amounts
    )
    TableShelf().write(invoice, 0)
    return invoice_id


def _code(_: object) -> dict[str, str]:
    """Of a voucher that nobody has redeemed."""
    code = f"TEST-{new_id('x', system_clock())[2:]}"
    vouchers.create_voucher(Caller.system(""), code=code, kind="FIXED_TOKENS", value=7, name="A test")
    return {"code": code}


def _coupon(_: object) -> dict[str, object]:
    """With a code that no other has."""
    code = f"TEST-{new_id('x', system_clock())[2:]}"
    return {"code": code, "name": "A test", "duration": "ONCE", "percent_basis_points": 500}


IDS: Mapping[str, Callable[[str, str], str]] = {"invoice_id": _invoice}
BODIES: Mapping[str, object] = {
    "POST /v1/vouchers/redeem": _code,
    "POST /v1/operator/coupons": _coupon,
    "PUT /v1/billing/cap": {"cap": "50.00"},
}
