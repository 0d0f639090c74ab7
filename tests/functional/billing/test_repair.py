"""The mirror is compared with Stripe's lists, and what differs is mirrored again."""

import pytest
from optiq.billing.credits.api import balance_of
from optiq.billing.mirror.repair_place import TablePlace
from optiq.billing.mirror.repairing import Repair
from optiq.billing.subscribing import api as subscribing
from optiq.billing.subscribing.tending import Tended, look_after
from optiq.kernel.clock import DAY_MS, HOUR_MS
from optiq.kernel.errors import UpstreamError

from infra.local.stripe_server import checkout
from infra.local.stripe_server.customers import GOOD
from infra.local.stripe_server.server import Fault
from tests.functional.billing.paying import Paying


@pytest.fixture(autouse=True)
def no_pass(table: object) -> None:
    """A table without the pass of another test."""
    TablePlace().write(Repair(0, "DONE", ended_ms=0))


def run(payer: Paying, pages: int = 1_000) -> Tended:
    """A run that must stop after some pages."""
    left = [pages]

    def stop() -> bool:
        left[0] -= 1
        return left[0] < 0

    return look_after(payer.gateway, stop, payer.clock)


def lose_events(payer: Paying) -> None:
    """Stripe takes them for delivered, and nobody has mirrored them."""
    payer.world.waiting.clear()


def kept(payer: Paying) -> Repair:
    found = TablePlace().read()
    assert found is not None
    return found


def test_repair_finds_nothing_when_every_event_was_mirrored(payer: Paying) -> None:
    payer.subscribe()
    payer.pass_to("2026-05-01T02:00:00Z")
    found = run(payer)
    assert (found.compared, found.differed, found.undelivered) == (3, 0, 0)


def test_repair_mirrors_a_purchase_whose_events_were_lost(payer: Paying) -> None:
    checkout.complete(payer.world, payer.open_page(), GOOD)
    lose_events(payer)
    assert payer.plan == "FREE"
    found = run(payer)
    assert (payer.plan, found.differed) == ("STARTER", 2)
    assert len(subscribing.list_invoices(payer.caller).items) == 1
    assert balance_of(payer.caller, clock=payer.clock).available == 1_000
    payer.now_ms += DAY_MS
    assert run(payer).differed == 0
    assert balance_of(payer.caller, clock=payer.clock).available == 1_000


def test_repair_mirrors_events_that_were_not_taken(payer: Paying) -> None:
    checkout.complete(payer.world, payer.open_page(), GOOD)
    found = run(payer)
    assert payer.plan == "STARTER"
    assert found.undelivered > 5
    assert found.differed == 0


def test_repair_is_once_a_day(payer: Paying) -> None:
    payer.subscribe()
    first = run(payer)
    asked = len(payer.server.asked)
    payer.now_ms += 22 * HOUR_MS
    assert run(payer) == first
    assert len(payer.server.asked) == asked
    payer.now_ms += HOUR_MS
    run(payer)
    assert kept(payer).began_ms == payer.now_ms


@pytest.mark.parametrize("pages", [1, 2])
def test_repair_goes_on_where_it_was_stopped(payer: Paying, pages: int) -> None:
    """Also after 101 subscriptions of nobody, which are more than a page."""
    checkout.complete(payer.world, payer.open_page(), GOOD)
    lose_events(payer)
    model = payer.world.all_of("subscription")[0]
    for number in range(101):
        payer.world.objects[f"sub_none{number}"] = model | {"id": f"sub_none{number}", "customer": "cus_none"}
    for _ in range(10):
        run(payer, pages)
    found = kept(payer)
    assert (found.step, found.unknown, found.compared) == ("DONE", 101, 103)
    assert payer.plan == "STARTER"


def test_repair_goes_on_after_an_outage(payer: Paying) -> None:
    checkout.complete(payer.world, payer.open_page(), GOOD)
    lose_events(payer)
    payer.server.faults.append(Fault("/v1/invoices", 500, times=3))
    with pytest.raises(UpstreamError):
        run(payer)
    assert kept(payer).step == "INVOICES"
    run(payer)
    assert len(subscribing.list_invoices(payer.caller).items) == 1


def test_check_reports_what_differed(payer: Paying) -> None:
    checkout.complete(payer.world, payer.open_page(), GOOD)
    lose_events(payer)
    run(payer)
    (found,) = [one for one in subscribing.check(payer.gateway) if one.what.startswith("mirror")]
    assert "2 objects compared" in found.what
    assert found.fix
