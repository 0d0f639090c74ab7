"""Which mails who pays gets, each once, whatever is delivered twice."""

from dataclasses import replace

import pytest
from optiq.billing.accounts.stored import account_of, change_account
from optiq.billing.gateways.minor_units import text_of
from optiq.billing.packages import api as packages
from optiq.billing.subscribing import api as subscribing
from optiq.billing.subscribing.reminding import remind_of_trials
from optiq.kernel.clock import DAY_MS

from infra.local.stripe_server.customers import FAILS_LATER
from tests.functional.billing.paying import OPERATOR, Paying
from tests.functional.subscribers import waiting_events


@pytest.fixture
def ada(payer: Paying) -> Paying:
    """An organization whose payer has an address."""
    before = account_of(payer.organization_id, payer.now_ms)
    change_account(payer.caller, before, replace(before, email="ada@shop.example"), payer.clock)
    return payer


def subjects(payer: Paying) -> list[str]:
    """Of the mails that were requested, the oldest first."""
    return [one.data["content"]["subject"] for one in waiting_events(payer.organization_id, "MailRequested")]


def test_first_payment_is_one_mail_with_what_was_paid(ada: Paying) -> None:
    ada.subscribe()
    (mail,) = waiting_events(ada.organization_id, "MailRequested")
    assert mail.data["content"]["subject"] == "Your plan Starter has begun"
    assert "You paid 29.00 USD." in mail.data["content"]["paragraphs"][1]
    assert mail.data["to"] == "ada@shop.example"


def test_renewal_sends_a_receipt(ada: Paying) -> None:
    ada.subscribe()
    ada.pass_to("2026-05-01T02:00:00Z")
    assert subjects(ada)[1:] == ["We received 29.00 USD"]


def test_cancellation_is_told_each_time_and_the_end_once(ada: Paying) -> None:
    ada.subscribe()
    for _ in range(2):
        ada.now_ms += DAY_MS
        subscribing.cancel(ada.caller, ada.gateway, clock=ada.clock)
        ada.deliver()
        ada.deliver(seed=2)
        if len(subjects(ada)) < 3:
            subscribing.keep(ada.caller, ada.gateway, clock=ada.clock)
            ada.deliver()
    ada.pass_to("2026-05-01T02:00:00Z")
    until = "Your plan Starter ends on 2026-05-01"
    assert subjects(ada)[1:] == [until, until, "Your plan Starter has ended"]


def test_downgrade_is_told_with_its_day(ada: Paying) -> None:
    ada.subscribe("PROFESSIONAL")
    subscribing.change_plan(ada.caller, ada.gateway, plan="STARTER", interval="month", clock=ada.clock)
    ada.deliver()
    assert subjects(ada).count("Your plan becomes Starter on 2026-05-01") == 1


def test_each_failed_try_is_one_mail(ada: Paying) -> None:
    """Case 16."""
    ada.subscribe(card=FAILS_LATER)
    ada.pass_to("2026-05-01T02:00:00Z")
    ada.pass_to("2026-05-04T02:00:00Z")
    assert subjects(ada)[1:] == ["Your payment failed"] * 2


def test_package_and_each_refund_of_it_are_told(ada: Paying) -> None:
    package = packages.create_package(OPERATOR, name="500 credits", granted=500, price_micros={"USD": 50_000_000})
    page = subscribing.start_purchase(
        ada.caller, ada.gateway, package_id=package.package_id, currency="USD", clock=ada.clock
    )
    ada.pay(page.url.rpartition("/")[2])
    charge_id = ada.world.all_of("charge")[0]["id"]
    for _ in range(2):
        ada.server.call("POST", "/v1/refunds", {"authorization": "Bearer sk_test_x"}, f"charge={charge_id}&amount=1234")
        ada.deliver()
    assert set(subjects(ada)) == {"We received 50.00 USD", "We refunded 12.34 USD", "We refunded 24.68 USD"}
    assert len(subjects(ada)) == 3


def test_trial_is_announced_three_days_before_its_end_and_at_it(ada: Paying) -> None:
    subscribing.start_trial(ada.caller, plan="PROFESSIONAL", clock=ada.clock)
    began_ms = ada.now_ms
    for day in (10.9, 11, 11.5, 13.9, 14, 15):
        ada.now_ms = began_ms + int(day * DAY_MS)
        remind_of_trials(lambda: False, ada.clock)
    assert subjects(ada) == ["Your trial of Professional ends on 2026-04-15", "Your trial of Professional has ended"]


def test_trial_that_became_a_plan_is_not_announced(ada: Paying) -> None:
    subscribing.start_trial(ada.caller, plan="PROFESSIONAL", clock=ada.clock)
    ada.subscribe()
    ada.now_ms += 12 * DAY_MS
    remind_of_trials(lambda: False, ada.clock)
    assert subjects(ada) == ["Your plan Starter has begun"]


@pytest.mark.parametrize(
    ("micros", "currency", "text"),
    [
        (29_000_000, "USD", "29.00 USD"),
        (1_234_500_000, "eur", "1,234.50 EUR"),
        (500_000_000, "JPY", "500 JPY"),
        (-1_500, "KWD", "-0.001 KWD"),
    ],
)
def test_amount_is_written_with_the_digits_of_its_currency(micros: int, currency: str, text: str) -> None:
    assert text_of(micros, currency) == text
