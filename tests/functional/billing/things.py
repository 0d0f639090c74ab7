"""An invoice, for the tests over all routes."""

from collections.abc import Mapping

from optiq.billing.mirror.contracts import Invoice
from optiq.billing.mirror.shelf import TableShelf
from optiq.kernel.clock import system_clock
from optiq.kernel.ids import new_id


def _invoice(organization_id: str, _site_id: str) -> str:
    invoice_id, now_ms = new_id("in", system_clock()), system_clock()
    amounts = dict.fromkeys(
        ("subtotal_micros", "discount_micros", "tax_micros", "total_micros", "paid_micros", "due_micros"), 0
    )
    TableShelf().write(
        Invoice(
            organization_id,
            invoice_id,
            "OPT-1",
            "PAID",
            "SUBSCRIPTION_CREATE",
            "USD",
            created_ms=now_ms,
            version=1,
            **amounts,
        ),
        0,
    )
    return invoice_id


IDS = {"invoice_id": _invoice}
BODIES: Mapping[str, object] = {}
