"""Ledgers of credits in the table: each source once, every credit once, whoever posts at the same time."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from optiq.billing import api as billing
from optiq.billing import keys
from optiq.billing.contracts import Source, Terms
from optiq.billing.credits import api as ledger
from optiq.billing.credits import records
from optiq.billing.credits.plan_credits import change_plan, pay_plan, start_plan
from optiq.billing.credits.purchases import buy, follow_payment
from optiq.billing.credits.records import HeadRecord
from optiq.billing.credits.sweeping import sweep
from optiq.billing.credits.verifying import verify
from optiq.kernel import table as kernel_table
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, HOUR_MS, MINUTE_MS, from_rfc3339, system_clock
from optiq.kernel.errors import (
    ConflictError,
    InvalidError,
    NotFoundError,
    OptiqError,
    PaymentRequiredError,
    UpstreamError,
)
from optiq.kernel.table import put_one

from tests.performance.metering import Meter

FEB, MAR = from_rfc3339("2026-02-01T00:00:00Z"), from_rfc3339("2026-03-01T00:00:00Z")


@pytest.fixture
def caller(table: object, organization_id: str) -> Caller:
    return Caller.system(organization_id)


def job(number: int | str) -> Source:
    return Source("job", str(number))


def give(caller: Caller, amount: int) -> None:
    ledger.grant(caller, amount, kind="BONUS", source=Source("test", f"grant {amount}"))


def state(caller: Caller) -> tuple[int, int]:
    balance = ledger.balance_of(caller)
    return balance.available, balance.held


def until_it_is_taken(post: Callable[[], object]) -> str:
    """What a client does: a posting that others kept from being made is asked again."""
    while True:
        try:
            post()
        except UpstreamError:
            continue
        except OptiqError as error:
            return type(error).__name__
        return "posted"


def test_100_spends_of_7_at_once_leave_3_of_500(caller: Caller) -> None:
    give(caller, 500)

    with ThreadPoolExecutor(20) as pool:
        outcomes = list(
            pool.map(
                lambda number: until_it_is_taken(lambda: billing.spend(caller, 7, product="image", source=job(number))),
                range(100),
            )
        )

    assert Counter(outcomes) == {"posted": 71, "PaymentRequiredError": 29}
    assert state(caller) == (3, 0)
    assert verify(caller).intact


def test_one_source_has_one_entry_however_often_it_is_posted(caller: Caller) -> None:
    give(caller, 10)

    with ThreadPoolExecutor(5) as pool:
        entries = list(pool.map(lambda _: billing.spend(caller, 7, product="image", source=job(1)), range(5)))

    assert len(set(map(repr, entries))) == 1
    # Also when there would be too few credits for a second.
    assert billing.spend(caller, 7, product="image", source=job(1)).sequence == entries[0].sequence
    assert state(caller) == (3, 0)


def test_source_with_another_amount_product_or_verb_is_a_conflict(caller: Caller) -> None:
    give(caller, 100)
    billing.spend(caller, 7, product="image", source=job(1))

    for wrong in (
        lambda: billing.spend(caller, 8, product="image", source=job(1)),
        lambda: billing.spend(caller, 7, product="video", source=job(1)),
        lambda: billing.grant(caller, 7, kind="BONUS", source=job(1)),
        lambda: billing.spend(caller, 1_000, product="image", source=job(1)),
    ):
        with pytest.raises(ConflictError):
            wrong()
    assert state(caller) == (93, 0)


@pytest.mark.parametrize("source", [Source("", "1"), Source("hold", "1"), Source("job", "ä"), Source("a#b", "1")])
def test_source_that_cannot_be_one_is_refused(caller: Caller, source: Source) -> None:
    with pytest.raises(InvalidError, match=r"source\."):
        billing.spend(caller, 7, product="image", source=source)


def test_spend_writes_six_units(caller: Caller) -> None:
    give(caller, 1_000)
    meter = Meter()
    with meter:
        for number in range(5):
            billing.spend(caller, 7, product="image", source=job(number))

    assert meter.write_units == 5 * 6


def test_posting_is_given_up_when_others_post_all_the_time(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    give(caller, 1_000)
    tries = Counter[str]()

    def lose(*_: object) -> dict[int, str]:
        tries["lost"] += 1
        return {0: kernel_table.CONFLICT}

    monkeypatch.setattr("optiq.billing.credits.posting.write_together", lose)
    monkeypatch.setattr("time.sleep", lambda _: None)

    with pytest.raises(UpstreamError) as raised:
        billing.spend(caller, 7, product="image", source=job(1))

    assert raised.value.retryable
    assert tries["lost"] == 8


def test_twenty_holds_at_once_are_as_many_as_fit(caller: Caller) -> None:
    give(caller, 100)

    with ThreadPoolExecutor(10) as pool:
        outcomes = list(
            pool.map(
                lambda number: until_it_is_taken(
                    lambda: billing.hold(caller, f"hold_{number}", 10, product="image", ttl_ms=HOUR_MS)
                ),
                range(20),
            )
        )

    assert Counter(outcomes) == {"posted": 10, "PaymentRequiredError": 10}
    assert state(caller) == (0, 100)


def test_hold_ends_once(caller: Caller) -> None:
    give(caller, 100)
    billing.hold(caller, "a", 40, product="image", ttl_ms=HOUR_MS)
    billing.capture(caller, "a", 30, source=job(1))
    released = billing.release(caller, "a")

    assert billing.release(caller, "a") == released
    with pytest.raises(ConflictError, match="released"):
        billing.capture(caller, "a", 1, source=job(2))
    assert state(caller) == (70, 0)


def test_capture_of_more_than_is_left_is_refused(caller: Caller) -> None:
    give(caller, 100)
    billing.hold(caller, "a", 40, product="image", ttl_ms=HOUR_MS)

    with pytest.raises(ConflictError, match="40 credits left"):
        billing.capture(caller, "a", 41, source=job(1))
    billing.capture(caller, "a", 40, source=job(1))
    for again in (
        lambda: billing.capture(caller, "a", 1, source=job(2)),
        lambda: billing.release(caller, "a"),
    ):
        with pytest.raises(ConflictError, match="no credits left"):
            again()


def test_hold_of_another_organization_is_unknown(caller: Caller) -> None:
    give(caller, 100)
    billing.hold(caller, "a", 40, product="image", ttl_ms=HOUR_MS)
    other = replace(caller, organization_id=f"{caller.organization_id}X")

    for theirs in (lambda: billing.capture(other, "a", 1, source=job(1)), lambda: billing.release(other, "a")):
        with pytest.raises(NotFoundError):
            theirs()


@pytest.mark.parametrize("swept", [False, True])
def test_capture_after_the_timeout_is_a_spend_if_there_is_enough(caller: Caller, swept: bool) -> None:
    now_ms = system_clock()
    give(caller, 100)
    billing.hold(caller, "a", 40, product="image", ttl_ms=HOUR_MS)
    later_ms = now_ms + 2 * HOUR_MS
    if swept:
        sweep(clock=lambda: later_ms, stop=lambda: False)

    captured = billing.capture(caller, "a", 40, source=job(1), clock=lambda: later_ms)

    assert captured.postings == {"AVAILABLE": -40, "SPENT.image": 40}
    assert ledger.balance_of(caller, clock=lambda: later_ms).held == 0
    with pytest.raises(PaymentRequiredError):
        billing.capture(caller, "a", 61, source=job(2), clock=lambda: later_ms)
    assert billing.release(caller, "a", clock=lambda: later_ms).type == "TIMEOUT"


@pytest.mark.parametrize("refund_first", [False, True])
def test_refund_nets_to_nothing_in_either_order(caller: Caller, refund_first: bool) -> None:
    events = [
        lambda: buy(caller.organization_id, "pi_1", 500, amount=5_000, expires_ms=None),
        lambda: follow_payment(caller.organization_id, "pi_1", amount=5_000, refunded=5_000),
    ]
    for event in (events[::-1] if refund_first else events) * 2:
        event()

    assert state(caller) == (0, 0)
    assert verify(caller).good_entries == 2


def test_dispute_takes_all_back_until_it_is_won(caller: Caller) -> None:
    organization_id = caller.organization_id
    buy(organization_id, "pi_1", 500, amount=5_000, expires_ms=None)
    billing.spend(caller, 450, product="image", source=job(1))
    balances = []
    # Opened, lost, won; then a refund, which fails.
    for disputed, refunded in ((True, 0), (True, 0), (False, 0), (False, 5_000), (False, 0)):
        follow_payment(organization_id, "pi_1", amount=5_000, refunded=refunded, disputed=disputed)
        balances.append(state(caller)[0])

    assert balances == [-450, -450, 50, -450, 50]
    assert verify(caller).intact


def test_purchase_is_granted_once_and_not_with_other_credits(caller: Caller) -> None:
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda _: buy(caller.organization_id, "pi_1", 500, amount=5_000, expires_ms=None), range(5)))

    assert state(caller) == (500, 0)
    with pytest.raises(ConflictError):
        buy(caller.organization_id, "pi_1", 600, amount=5_000, expires_ms=None)


@pytest.mark.parametrize("upgrade_first", [False, True])
def test_upgrade_beside_a_renewal_grants_each_once(caller: Caller, upgrade_first: bool) -> None:
    organization_id, now_ms = caller.organization_id, FEB + 18 * DAY_MS + 16 * HOUR_MS  # a third of 28 days is left
    start_plan(organization_id, Terms("STARTER", FEB - 31 * DAY_MS, 1_000, 0, FEB), clock=lambda: FEB - DAY_MS)
    events = [
        lambda: pay_plan(organization_id, start_ms=FEB, end_ms=MAR, monthly_credits=1_000, clock=lambda: now_ms),
        lambda: change_plan(
            organization_id,
            "PRO",
            monthly_credits=3_000,
            max_rollover=0,
            changed_ms=now_ms,
            source=Source("upgrade", "in_1"),
            clock=lambda: now_ms,
        ),
    ]
    for event in (events[::-1] if upgrade_first else events) * 2:
        event()

    assert ledger.balance_of(caller, clock=lambda: now_ms).available == 1_000 + 666
    assert ledger.balance_of(caller, clock=lambda: MAR - 1).monthly_credits == 3_000


def test_plan_that_ends_leaves_what_was_bought(caller: Caller) -> None:
    organization_id = caller.organization_id
    start_plan(organization_id, Terms("STARTER", FEB, 1_000, 500, MAR), clock=lambda: FEB)
    buy(organization_id, "pi_1", 500, amount=5_000, expires_ms=None, clock=lambda: FEB)

    start_plan(organization_id, Terms("FREE", FEB - DAY_MS, 100), clock=lambda: MAR + MINUTE_MS)

    kinds = {lot.kind: lot.remaining for lot in ledger.lots_of(caller, clock=lambda: MAR + MINUTE_MS)}
    assert kinds == {"PURCHASE": 500, "PLAN": 100}


def test_free_plan_that_starts_again_grants_no_second_time(caller: Caller) -> None:
    organization_id = caller.organization_id
    free, starter = Terms("FREE", FEB - DAY_MS, 100), Terms("STARTER", FEB, 1_000, 0, FEB)
    for terms in (free, starter, free, starter, free):
        start_plan(organization_id, terms, clock=lambda: FEB)

    granted = [one.amount for one in records.entries(organization_id) if one.type == "EARN_REGENERATION"]
    assert granted == [100]


def test_sweep_posts_what_is_due_and_then_finds_nothing(caller: Caller) -> None:
    now_ms = system_clock()
    ledger.grant(caller, 100, kind="BONUS", source=Source("test", "1"), expires_ms=now_ms + DAY_MS)
    billing.hold(caller, "a", 40, product="image", ttl_ms=HOUR_MS)
    later_ms = now_ms + DAY_MS + HOUR_MS

    sweep(clock=lambda: later_ms, stop=lambda: False)
    sweep(clock=lambda: later_ms, stop=lambda: False)

    kinds = [(entry.type, entry.amount) for entry in records.entries(caller.organization_id)]
    assert kinds == [("EARN_BONUS", 100), ("HOLD", -40), ("TIMEOUT", 40), ("EXPIRE", -100)]
    assert caller.organization_id not in records.due_by(later_ms, 1_000)


def test_months_that_nobody_looked_at_are_posted_in_parts(caller: Caller) -> None:
    start_plan(caller.organization_id, Terms("FREE", FEB, 100), clock=lambda: FEB)
    years_later = FEB + 1_461 * DAY_MS

    spent = billing.spend(caller, 40, product="image", source=job(1), clock=lambda: years_later)

    assert spent.balance_after == 60
    assert spent.sequence == 1 + 48 * 2 + 1
    assert verify(caller).intact


def test_balances_are_exact_beyond_what_a_float_holds(caller: Caller) -> None:
    head = replace(records.find_head(caller.organization_id), version=1, debt=0, overdraft=2**53 + 1)
    assert put_one(records.head_put(caller.organization_id, records.find_head(caller.organization_id), head))

    assert records.find_head(caller.organization_id).overdraft == 2**53 + 1
    assert type(records.find_head(caller.organization_id).overdraft) is int


def test_head_is_one_item_of_the_organization(caller: Caller) -> None:
    give(caller, 1)

    assert HeadRecord.get(*keys.head(caller.organization_id)).pk == f"ORG#{caller.organization_id}#CREDITS"
