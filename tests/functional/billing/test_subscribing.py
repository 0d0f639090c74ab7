"""An organization pays, changes its plan and ends it, at the stand-in of Stripe. Cases 7, 8 and 12 to 18."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from optiq.audit import api as audit
from optiq.billing.contracts import Source
from optiq.billing.credits.api import balance_of, buy, spend, verify
from optiq.billing.staff import api as staff
from optiq.billing.subscribing import api as subscribing
from optiq.billing.subscribing import trials
from optiq.kernel.errors import ConflictError, InvalidError, NotFoundError, PaymentRequiredError
from optiq.kernel.ids import new_id

from infra.local.stripe_server import checkout
from infra.local.stripe_server.customers import DECLINED, FAILS_LATER, GOOD
from infra.local.stripe_server.errors import StripeFault
from tests.functional.billing.paying import OPERATOR, Paying

pytestmark = pytest.mark.usefixtures("payer")


def _credits(payer: Paying) -> int:
    return balance_of(payer.caller, clock=payer.clock).available


def _upgrade(payer: Paying, plan: str = "PROFESSIONAL", interval: str = "month") -> int:
    """Previews and confirms; returns what it cost."""
    shown = subscribing.preview_change(payer.caller, payer.gateway, plan=plan, interval=interval, clock=payer.clock)
    subscribing.change_plan(
        payer.caller,
        payer.gateway,
        plan=plan,
        interval=interval,
        at_ms=shown.at_ms,
        total_micros=shown.total_micros,
        clock=payer.clock,
    )
    payer.deliver()
    return shown.total_micros


def _downgrade(payer: Paying, plan: str = "STARTER") -> None:
    subscribing.change_plan(payer.caller, payer.gateway, plan=plan, interval="month", clock=payer.clock)
    payer.deliver()


def _upgrade_for_nothing(payer: Paying, plan: str) -> None:
    """Confirms another amount than the change costs."""
    subscribing.change_plan(
        payer.caller, payer.gateway, plan=plan, interval="month", at_ms=payer.now_ms, total_micros=0, clock=payer.clock
    )


def test_organization_has_its_plan_when_it_paid(payer: Paying) -> None:
    assert payer.plan == "FREE"
    payer.subscribe()
    assert (payer.plan, payer.stance, _credits(payer)) == ("STARTER", "ACTIVE", 1_000)
    (invoice,) = subscribing.list_invoices(payer.caller).items
    assert (invoice.status, invoice.total_micros, invoice.lines[0].plan) == ("PAID", 29_000_000, "STARTER")
    (payment,) = subscribing.list_payments(payer.caller).items
    assert (payment.status, payment.card_last4, payment.amount_micros) == ("SUCCEEDED", "4242", 29_000_000)
    (method,) = subscribing.list_methods(payer.caller)
    assert (method.brand, method.is_default) == ("visa", True)


def test_second_tab_gets_the_page_of_the_first(payer: Paying) -> None:
    """Case 7."""
    first = payer.open_page()
    payer.now_ms += 29 * 60_000
    assert payer.open_page() == first
    payer.pay(first)
    with pytest.raises(ConflictError, match="there is a subscription already"):
        payer.open_page()


def test_second_page_takes_the_place_of_the_first_when_the_plan_is_another(payer: Paying) -> None:
    first = payer.open_page()
    assert payer.open_page("PROFESSIONAL") != first
    with pytest.raises(StripeFault, match="no longer open"):
        payer.pay(first)


def test_second_subscription_is_canceled_and_refunded_once(payer: Paying) -> None:
    """Case 7: both tabs paid anyway, and the second one's event comes five times."""
    first = payer.open_page()
    payer.now_ms += 31 * 60_000
    second = payer.open_page()
    payer.world.objects[first]["status"] = "open"
    checkout.complete(payer.world, first, GOOD)
    payer.now_ms += 1_000
    checkout.complete(payer.world, second, GOOD)
    waiting = list(payer.world.waiting)
    for seed in range(5):
        payer.world.waiting = list(waiting)
        payer.deliver(seed)
    statuses = sorted(one["status"] for one in payer.world.all_of("subscription"))
    assert statuses == ["active", "canceled"]
    assert [one["amount"] for one in payer.world.all_of("refund")] == [2_900]
    assert (payer.plan, _credits(payer)) == ("STARTER", 1_000)


def test_card_that_is_declined_leaves_the_free_plan(payer: Paying) -> None:
    """Case 8."""
    with pytest.raises(StripeFault, match="declined"):
        payer.pay(payer.open_page(), DECLINED)
    payer.deliver()
    assert (payer.plan, payer.billing.status) == ("FREE", "")


def test_subscription_that_is_never_paid_leaves_the_free_plan(payer: Paying) -> None:
    """Case 8: incomplete for 23 hours, then expired."""
    payer.open_page()
    customer = payer.world.all_of("customer")[0]
    price = next(one for one in payer.world.all_of("price") if one["lookup_key"] == "starter_month_usd_v1")
    from infra.local.stripe_server import subscriptions

    subscriptions.begin(payer.world, customer, price, {"org": payer.organization_id}, None, [])
    payer.deliver()
    assert (payer.plan, payer.billing.status) == ("FREE", "INCOMPLETE")
    payer.pass_days(1)
    assert (payer.plan, payer.billing.status) == ("FREE", "INCOMPLETE_EXPIRED")


def test_upgrade_costs_what_was_previewed(payer: Paying) -> None:
    """Case 12: $29 to $99 at 20.5 of 31 days is −9.82 + 33.53 = 23.71."""
    payer.pass_to("2026-05-01T00:00:00Z")
    payer.subscribe()
    payer.pass_days(20.5)
    assert _upgrade(payer) == 23_710_000
    newest = subscribing.list_invoices(payer.caller).items[0]
    assert newest.total_micros == 23_710_000
    assert [line.amount_micros for line in newest.lines] == [-9_820_000, 33_530_000]
    assert payer.plan == "PROFESSIONAL"


def test_upgrade_is_refused_when_it_costs_another_amount(payer: Paying) -> None:
    payer.subscribe()
    payer.pass_days(10)
    with pytest.raises(ConflictError, match="another amount"):
        _upgrade_for_nothing(payer, "PROFESSIONAL")
    with pytest.raises(InvalidError, match="total_micros"):
        _downgrade(payer, "PROFESSIONAL")
    assert payer.plan == "STARTER"


def test_upgrade_changes_nothing_when_the_card_is_declined(payer: Paying) -> None:
    payer.subscribe(card=FAILS_LATER)
    with pytest.raises(PaymentRequiredError, match="not charged"):
        _upgrade(payer)
    assert (payer.plan, _credits(payer)) == ("STARTER", 1_000)


def test_declined_upgrade_leaves_what_was_to_happen_at_the_periods_end(payer: Paying) -> None:
    payer.subscribe("PROFESSIONAL", card=FAILS_LATER)
    subscribing.cancel(payer.caller, payer.gateway, clock=payer.clock)
    with pytest.raises(PaymentRequiredError):
        _upgrade(payer, "ENTERPRISE")
    payer.deliver()
    assert (payer.stance, payer.billing.next_plan) == ("CANCELING", "FREE")
    _downgrade(payer)
    with pytest.raises(PaymentRequiredError):
        _upgrade(payer, "ENTERPRISE")
    payer.deliver()
    assert (payer.plan, payer.billing.next_plan) == ("PROFESSIONAL", "STARTER")


def test_refused_upgrade_leaves_the_scheduled_downgrade(payer: Paying) -> None:
    payer.subscribe("PROFESSIONAL")
    _downgrade(payer)
    with pytest.raises(ConflictError, match="another amount"):
        _upgrade_for_nothing(payer, "ENTERPRISE")
    payer.deliver()
    assert payer.billing.next_plan == "STARTER"


def test_free_organization_has_the_credits_of_its_plan(payer: Paying) -> None:
    """Row 1 of the ledger's table; with a paid plan they make way for its own."""
    assert _credits(payer) == 100
    spend(payer.caller, 30, product="image", source=Source("job", "1"), clock=payer.clock)
    assert _credits(payer) == 70
    payer.pass_to("2026-05-01T00:00:00Z")
    assert _credits(payer) == 100
    payer.subscribe()
    assert _credits(payer) == 1_000
    assert verify(payer.caller, clock=payer.clock).intact


def test_credits_that_staff_give_beside_the_plan_are_granted(payer: Paying) -> None:
    payer.subscribe()
    payer.pass_to("2026-04-16T00:00:00Z")
    terms = {"credits_per_month": 5_000, "max_rollover": 0}
    staff.change_terms(OPERATOR, organization_id=payer.organization_id, changes=terms, clock=payer.clock)
    # Half of the month is left: half of 4,000 more.
    assert _credits(payer) == 3_000
    payer.pass_to("2026-05-01T02:00:00Z")
    assert _credits(payer) == 5_000


def test_upgrade_grants_the_part_of_the_month_that_is_left(payer: Paying) -> None:
    """Case 13, and row 9 of the ledger's table: 20 of 30 days in, ⌊2,000 × 10 ÷ 30⌋ = 666."""
    payer.subscribe()
    payer.pass_days(20)
    _upgrade(payer)
    assert _credits(payer) == 1_666
    payer.pass_to("2026-05-01T02:00:00Z")
    # 1,500 of them roll over, and the month's 3,000 are granted once.
    assert _credits(payer) == 4_500
    payer.deliver(seed=7)
    assert _credits(payer) == 4_500


def test_change_to_years_begins_a_period_at_once(payer: Paying) -> None:
    payer.subscribe()
    payer.pass_days(15)
    assert _upgrade(payer, "STARTER", "year") == 290_000_000 - 14_500_000
    assert (payer.billing.interval, payer.billing.period_end_ms) == ("year", payer.now_ms + 365 * 86_400_000)


def test_downgrade_takes_effect_with_the_period(payer: Paying) -> None:
    """Case 14."""
    payer.subscribe("PROFESSIONAL")
    payer.pass_to("2026-04-10T00:00:00Z")
    _downgrade(payer)
    assert (payer.plan, payer.billing.next_plan) == ("PROFESSIONAL", "STARTER")
    payer.pass_to("2026-05-01T02:00:00Z")
    assert (payer.plan, payer.billing.next_plan) == ("STARTER", "")
    # Of 3,000, the 1,500 roll over that the month's own plan allows.
    assert _credits(payer) == 2_500
    assert subscribing.list_invoices(payer.caller).items[0].total_micros == 29_000_000


def test_downgrade_is_taken_back(payer: Paying) -> None:
    """Case 14."""
    payer.subscribe("PROFESSIONAL")
    payer.pass_to("2026-04-10T00:00:00Z")
    _downgrade(payer)
    payer.pass_to("2026-04-20T00:00:00Z")
    subscribing.keep(payer.caller, payer.gateway, clock=payer.clock)
    payer.pass_to("2026-05-01T02:00:00Z")
    assert (payer.plan, payer.billing.next_plan) == ("PROFESSIONAL", "")


def test_upgrade_ends_a_scheduled_downgrade(payer: Paying) -> None:
    """Case 14."""
    payer.subscribe("PROFESSIONAL")
    payer.pass_to("2026-04-10T00:00:00Z")
    _downgrade(payer)
    payer.pass_to("2026-04-25T00:00:00Z")
    _upgrade(payer, "ENTERPRISE")
    payer.pass_to("2026-05-01T02:00:00Z")
    assert (payer.plan, payer.billing.next_plan) == ("ENTERPRISE", "")


def test_cancellation_ends_a_scheduled_downgrade(payer: Paying) -> None:
    """Case 14."""
    payer.subscribe("PROFESSIONAL")
    payer.pass_to("2026-04-10T00:00:00Z")
    _downgrade(payer)
    subscribing.cancel(payer.caller, payer.gateway, clock=payer.clock)
    assert (payer.stance, payer.billing.next_plan) == ("CANCELING", "FREE")
    payer.pass_to("2026-05-01T00:00:00Z")
    assert payer.plan == "FREE"


def test_canceled_plan_lasts_until_the_period_ends(payer: Paying) -> None:
    """Case 15: then credits of the plan are gone, those that were bought stay, and those of the free plan begin."""
    payer.subscribe()
    buy(payer.organization_id, "pi_1", 500, amount=50_000_000, expires_ms=None, clock=payer.clock)
    payer.pass_to("2026-04-10T00:00:00Z")
    subscribing.cancel(payer.caller, payer.gateway, clock=payer.clock)
    payer.pass_to("2026-04-30T23:59:59Z")
    assert (payer.plan, _credits(payer)) == ("STARTER", 1_500)
    payer.pass_to("2026-05-01T00:00:00Z")
    assert (payer.plan, payer.billing.status, _credits(payer)) == ("FREE", "CANCELED", 600)


def test_canceled_plan_goes_on_when_it_is_kept(payer: Paying) -> None:
    """Case 15."""
    payer.subscribe()
    payer.pass_to("2026-04-10T00:00:00Z")
    subscribing.cancel(payer.caller, payer.gateway, clock=payer.clock)
    payer.pass_to("2026-04-12T00:00:00Z")
    subscribing.keep(payer.caller, payer.gateway, clock=payer.clock)
    payer.pass_to("2026-05-01T02:00:00Z")
    assert (payer.plan, payer.stance, _credits(payer)) == ("STARTER", "ACTIVE", 1_500)


def test_failed_renewal_keeps_the_plan_for_a_week(payer: Paying) -> None:
    """Case 16, and row 13 of the ledger's table: the allotment comes with the payment."""
    payer.subscribe(card=FAILS_LATER)
    payer.pass_to("2026-05-01T02:00:00Z")
    assert (payer.plan, payer.stance, payer.billing.status) == ("STARTER", "PAST_DUE", "PAST_DUE")
    assert _credits(payer) == 500
    payer.pass_to("2026-05-08T00:00:00Z")
    assert (payer.plan, payer.stance) == ("FREE", "LAPSED")
    method = payer.world.all_of("payment_method")[0]
    payer.world.hidden[method["id"]]["fails"] = False
    payer.pass_to("2026-05-08T01:30:00Z")
    assert (payer.plan, payer.stance, _credits(payer)) == ("STARTER", "ACTIVE", 1_500)


def test_pause_ends_the_plan_at_once_and_resuming_needs_a_payment(payer: Paying) -> None:
    """Case 17."""
    payer.subscribe(card=FAILS_LATER)
    subscribing.pause(payer.caller, payer.gateway, clock=payer.clock)
    payer.pass_to("2026-05-15T00:00:00Z")
    assert (payer.plan, payer.billing.status) == ("FREE", "PAUSED")
    assert len(payer.world.all_of("invoice")) == 1
    with pytest.raises(PaymentRequiredError):
        subscribing.keep(payer.caller, payer.gateway, clock=payer.clock)
    assert payer.billing.status == "PAUSED"
    payer.world.hidden[payer.world.all_of("payment_method")[0]["id"]]["fails"] = False
    subscribing.keep(payer.caller, payer.gateway, clock=payer.clock)
    assert payer.plan == "STARTER"


def test_trial_is_once_for_an_organization(payer: Paying) -> None:
    """Case 18."""
    subscribing.start_trial(payer.caller, plan="PROFESSIONAL", clock=payer.clock)
    assert (payer.plan, payer.stance) == ("PROFESSIONAL", "TRIAL")
    with pytest.raises(ConflictError, match="trial"):
        subscribing.start_trial(payer.caller, plan="STARTER", clock=payer.clock)
    ends_ms = payer.billing.entitlements.until_ms
    payer.now_ms = ends_ms - 1
    assert payer.plan == "PROFESSIONAL"
    payer.now_ms = ends_ms
    assert payer.plan == "FREE"


@pytest.mark.parametrize(
    ("first", "second", "again"),
    [
        ("ann@shop-{}.example", "bob@shop-{}.example", False),
        ("ann{}@gmail.com", "an.n{}+two@googlemail.com", False),
        ("ann{}@web.de", "ann{}+x@web.de", False),
        ("ann{}@web.de", "bob{}@web.de", True),
    ],
)
def test_trial_is_once_for_a_company_and_once_for_a_private_address(
    payer: Paying, monkeypatch: pytest.MonkeyPatch, first: str, second: str, again: bool
) -> None:
    """Case 18. A person with a private address can have many organizations."""
    number = new_id("x", payer.now_ms).lower().replace("_", "")

    def begin(address: str) -> None:
        person = SimpleNamespace(email=address.format(number))
        monkeypatch.setattr(trials.people, "people_of", lambda ids: dict.fromkeys(ids, person))
        payer.begin()
        caller = replace(payer.caller, user_id="user_x")
        subscribing.start_trial(caller, plan="PROFESSIONAL", clock=payer.clock)

    begin(first)
    if again:
        begin(second)
        return
    with pytest.raises(ConflictError, match="trial"):
        begin(second)


def test_invoice_of_another_organization_is_not_found(payer: Paying) -> None:
    """Case 32."""
    payer.subscribe()
    (invoice,) = subscribing.list_invoices(payer.caller).items
    payer.begin()
    with pytest.raises(NotFoundError):
        subscribing.get_invoice(payer.caller, invoice.invoice_id)
    assert not subscribing.list_payments(payer.caller).items


def test_every_change_of_the_plan_is_in_the_audit_log(payer: Paying) -> None:
    payer.subscribe()
    _upgrade(payer)
    _downgrade(payer)
    subscribing.keep(payer.caller, payer.gateway, clock=payer.clock)
    subscribing.cancel(payer.caller, payer.gateway, clock=payer.clock)
    subscribing.keep(payer.caller, payer.gateway, clock=payer.clock)
    subscribing.pause(payer.caller, payer.gateway, clock=payer.clock)
    actions = [entry.change.action for entry in audit.entries(payer.organization_id).items][::-1]
    assert [one for one in actions if one.startswith("billing_account")][-1] == "billing_account.changed"
    assert [one.removeprefix("subscription.") for one in actions if one.startswith("subscription")] == [
        "changed",
        "change_scheduled",
        "kept",
        "canceled",
        "kept",
        "paused",
    ]
