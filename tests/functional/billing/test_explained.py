"""What was used by workspace, what another plan would have cost, and what an organization costs the operator."""

from typing import Any

import pytest
from optiq.billing.mirror.contracts import Invoice, Payment
from optiq.billing.mirror.shelf import TableShelf
from optiq.billing.staff import api as staff
from optiq.billing.subscribing import api as subscribing
from optiq.billing.usage.api import simulate, usage_of, usage_of_invoice
from optiq.billing.usage.contracts import StoredEvent
from optiq.billing.usage.counting import Known, count
from optiq.billing.usage.workspaces import by_workspace
from optiq.kernel.caller import Caller
from optiq.kernel.clock import HOUR_MS, from_rfc3339
from optiq.kernel.errors import InvalidError
from optiq.kernel.permissions import ROLES
from optiq.tenancy import api as tenancy
from optiq.tenancy.groups import api as groups

from tests.functional.billing.paying import OPERATOR, Paying
from tests.functional.billing.test_staff import operate

pytestmark = pytest.mark.usefixtures("table")
MICROS = 1_000_000


def store(organization_id: str, instant: str, events: int, site_id: str = "site_a", token_id: str = "") -> None:
    at_ms = from_rfc3339(instant)
    stored = [StoredEvent(number, site_id, at_ms, token_id) for number in range(events)]
    count(organization_id, f"shard-{site_id}{token_id}{at_ms}", stored, Known())


def paid(organization_id: str, instant: str, micros: int, *, refunded: int = 0, currency: str = "USD") -> None:
    """An invoice that was paid, and its payment."""
    at_ms = from_rfc3339(instant)
    amounts: dict[str, Any] = dict.fromkeys(("subtotal_micros", "total_micros", "paid_micros", "due_micros"), micros)
    invoice = Invoice(
        organization_id, f"in_{at_ms}", "OPT-1", "PAID", "MANUAL", currency,
        discount_micros=0, tax_micros=0, created_ms=at_ms, version=1, **amounts,
    )  # fmt: skip
    payment = Payment(
        organization_id, f"pi_{at_ms}", "SUCCEEDED", currency, micros, at_ms, refunded_micros=refunded, version=1
    )
    for one in (invoice, payment):
        TableShelf().write(one, 0)


def test_invoice_opens_to_workspaces_with_the_same_sum(payer: Paying) -> None:
    """Two agencies' clients, a site in no workspace, and one that is gone: nothing is lost between them."""
    owner = Caller(payer.organization_id, "test", "", ROLES["OWNER"])
    sites = [tenancy.add_site(owner, name=name, domains=[f"{name}.example"]).site_id for name in ("a", "b", "c")]
    space = groups.create_workspace(owner, name="Client").workspace_id
    for site_id in sites[:2]:
        tenancy.change_site(owner, site_id, {"workspace_id": space})
    payer.subscribe("STARTER")
    for site_id, events in zip((*sites, "site_gone"), (5, 7, 11, 13), strict=True):
        store(payer.organization_id, "2026-04-01T00:30:00Z", events, site_id)
    payer.pass_to("2026-04-02T00:00:00Z")
    (invoice,) = subscribing.list_invoices(payer.caller).items
    (line,) = usage_of_invoice(owner, invoice.invoice_id, clock=payer.clock).lines
    used = usage_of(owner, clock=payer.clock)
    for one in (line, used):
        assert [(part.workspace_id, part.events) for part in one.workspaces] == [("", 24), (space, 12)]
        assert sum(part.events for part in one.workspaces) == one.events == 36


def test_by_workspace_keeps_the_sum_of_the_sites() -> None:
    found = by_workspace({"a": 1, "b": 2, "c": 4}, {"a": "w", "c": "w", "d": "x"})
    assert [(one.workspace_id, one.events) for one in found] == [("w", 5), ("", 2)]


def test_simulation_counts_what_is_beyond_the_limit_to_the_cent(organization_id: str) -> None:
    """Case 26's price: 250 micros an event. 1,000,003 events on Starter are $29.00 and 3 × $0.00025 = $0.00."""
    store(organization_id, "2026-02-10T10:00:00Z", 3)
    store(organization_id, "2026-03-10T10:00:00Z", 4)
    clock = from_rfc3339("2026-04-10T00:00:00Z")
    found = simulate(Caller.system(organization_id), plan="STARTER", clock=lambda: clock)
    assert [(one.events, one.total_micros) for one in found.months] == [(3, 29 * MICROS), (4, 29 * MICROS)]
    assert (found.total_micros, found.paid_micros, found.currency) == (58 * MICROS, 0, "USD")
    year = simulate(Caller.system(organization_id), plan="STARTER", interval="year", clock=lambda: clock)
    assert year.months[0].base_micros == 290 * MICROS // 12


def test_simulation_stands_beside_what_was_paid(organization_id: str) -> None:
    """60,000 events on Free would have been held; what was paid counts without refunds and other currencies."""
    hour_ms = from_rfc3339("2026-02-10T10:00:00Z")
    stored = [StoredEvent(number, "site_a", hour_ms + number % 5 * HOUR_MS) for number in range(60_000)]
    count(organization_id, "shard-0", stored, Known())
    paid(organization_id, "2026-02-03T00:00:00Z", 99 * MICROS, refunded=10 * MICROS)
    paid(organization_id, "2026-03-03T00:00:00Z", 99 * MICROS)
    paid(organization_id, "2026-03-04T00:00:00Z", 7 * MICROS, currency="EUR")
    now_ms = from_rfc3339("2026-04-10T00:00:00Z")
    free = simulate(Caller.system(organization_id), plan="FREE", clock=lambda: now_ms)
    assert [(one.events, one.beyond, one.paid_micros) for one in free.months] == [
        (60_000, 10_000, 89 * MICROS),
        (0, 0, 99 * MICROS),
    ]
    assert (free.total_micros, free.paid_micros, free.holds) == (0, 188 * MICROS, 1)
    assert simulate(Caller.system(organization_id), plan="STARTER", clock=lambda: now_ms).holds == 0


@pytest.mark.parametrize(("plan", "currency"), [("NONE", "USD"), ("STARTER", "GBP")])
def test_simulation_of_what_is_not_sold_is_refused(organization_id: str, plan: str, currency: str) -> None:
    with pytest.raises(InvalidError, match="plan"):
        simulate(Caller.system(organization_id), plan=plan, currency=currency)


def test_costs_of_each_organization_stand_beside_what_it_paid() -> None:
    organization_id = tenancy.create_organization(OPERATOR, name="Shop", currency="USD").organization_id
    store(organization_id, "2026-02-10T10:00:00Z", 1_000)
    store(organization_id, "2026-02-11T10:00:00Z", 500, token_id="token_1")
    store(organization_id, "2026-03-01T00:00:00Z", 9)
    paid(organization_id, "2026-02-03T00:00:00Z", 99 * MICROS, refunded=10 * MICROS)
    paid(organization_id, "2026-03-03T00:00:00Z", 99 * MICROS)
    status, page = operate("GET", "billing/costs?month=2026-02&limit=100")
    assert (status, page["start_at"], page["end_at"]) == (200, "2026-02-01T00:00:00.000Z", "2026-03-01T00:00:00.000Z")
    (found,) = [one for one in page["items"] if one["organization_id"] == organization_id]
    assert (found["page_events"], found["server_events"]) == (1_000, 500)
    assert found["cost_micros"] == 577 + 650
    assert found["paid_micros"] == {"USD": 89 * MICROS}
    with pytest.raises(InvalidError, match="month"):
        staff.tenant_costs(month="2026-13")
