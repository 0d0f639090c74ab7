"""The thirteen worked examples of the ledger's rules, with their numbers."""

from collections.abc import Iterable

import pytest
from optiq.billing.ledger.commands import (
    AddBonus,
    Buy,
    Capture,
    ChangePlan,
    Charge,
    Command,
    Grant,
    PayPlan,
    PlaceHold,
    Release,
    SetOverdraft,
    Spend,
    StartPlan,
)
from optiq.billing.ledger.contracts import Entry, Head, PendingBonus, Purchase, Source, Terms
from optiq.billing.ledger.posting import post
from optiq.kernel.clock import DAY_MS, HOUR_MS, from_rfc3339
from optiq.kernel.errors import PaymentRequiredError

JAN, FEB, MAR, APR = (from_rfc3339(f"2026-0{month}-01T00:00:00Z") for month in range(1, 5))


class Ledger:
    """A ledger that commands are posted to, one after another."""

    def __init__(self, now_ms: int = JAN) -> None:
        self.head, self.now_ms, self.entries, self.purchase = Head(), now_ms, list[Entry](), Purchase("pi_1")
        self._number = 0

    def do(self, command: Command | None, at_ms: int | None = None) -> list[int]:
        """The amounts of the entries that the command adds."""
        self.now_ms = self.now_ms if at_ms is None else at_ms
        posted = post(self.head, command, self.now_ms)
        self.head, self.purchase = posted.head, posted.purchase or self.purchase
        self.entries += posted.entries
        return [entry.amount for entry in posted.entries]

    def spend(self, amount: int, at_ms: int | None = None) -> list[int]:
        self._number += 1
        return self.do(Spend(amount, "image", Source("job", str(self._number))), at_ms)

    def refund(self, refunded: int) -> list[int]:
        return self.do(Charge(self.purchase, 5_000, refunded))

    def lots(self) -> dict[str, int]:
        return {lot.kind: lot.remaining for lot in self.head.lots}


def with_credits(amount: int) -> Ledger:
    ledger = Ledger()
    ledger.do(Grant("ADJUSTMENT", amount, Source("test", "first")))
    return ledger


def bought(granted: int = 500) -> Ledger:
    ledger = Ledger()
    ledger.do(Buy(ledger.purchase, granted, 5_000, None))
    return ledger


def paid_plan(monthly: int, max_rollover: int, paid_until_ms: int = FEB) -> Ledger:
    ledger = Ledger()
    ledger.do(StartPlan(Terms("STARTER", JAN, monthly, max_rollover, paid_until_ms)))
    return ledger


def posted(of: Iterable[Entry]) -> list[dict[str, int]]:
    return [dict(entry.postings) for entry in of]


def test_1_free_credits_that_are_left_expire_at_the_boundary() -> None:
    ledger = Ledger()
    ledger.do(StartPlan(Terms("FREE", JAN, 100)))
    ledger.spend(30)

    assert ledger.do(None, FEB) == [-70, 100]
    assert ledger.head.balance == 100


def test_2_and_3_what_is_left_rolls_over_up_to_the_most() -> None:
    ledger = paid_plan(1_000, 500, MAR)
    ledger.spend(600)

    ledger.do(None, FEB)
    assert ledger.lots() == {"ROLLOVER": 400, "PLAN": 1_000}

    ledger.do(PayPlan(MAR, APR, 1_000), MAR)
    assert ledger.lots() == {"ROLLOVER": 500, "PLAN": 1_000}
    assert [entry.amount for entry in ledger.entries if entry.type == "ROLLOVER"] == [0, -900]


def test_4_spending_takes_what_rolled_over_then_the_plans_then_what_was_bought() -> None:
    ledger = paid_plan(1_000, 500, MAR)
    ledger.spend(600)
    ledger.do(Buy(ledger.purchase, 500, 5_000, FEB + 365 * DAY_MS), FEB)
    assert ledger.head.balance == 1_900

    ledger.spend(1_600)

    assert ledger.lots() == {"PURCHASE": 300}
    assert dict(ledger.entries[-1].kinds) == {"ROLLOVER": -400, "PLAN": -1_000, "PURCHASE": -200}


def test_5_hold_is_captured_in_part_and_the_rest_released() -> None:
    ledger = with_credits(1_000)
    seen, amounts = [], []
    for command in (
        PlaceHold("hold_1", 100, "image", HOUR_MS),
        Capture("hold_1", 62, Source("job", "1")),
        Release("hold_1"),
    ):
        amounts += ledger.do(command)
        seen.append((ledger.head.balance, ledger.head.held))

    assert seen == [(900, 100), (900, 38), (938, 0)]
    assert amounts == [-100, 0, 38]


def test_6_of_twenty_holds_ten_fit() -> None:
    ledger, placed = with_credits(100), 0
    for number in range(20):
        try:
            ledger.do(PlaceHold(f"hold_{number}", 10, "image", HOUR_MS))
        except PaymentRequiredError:
            continue
        placed += 1

    assert (placed, ledger.head.balance, ledger.head.held) == (10, 0, 100)


def test_7_refund_of_what_was_spent_is_owed_and_repaid_by_the_next_grant() -> None:
    ledger = bought()
    ledger.spend(450)

    ledger.refund(5_000)
    assert ledger.head.balance == -450
    with pytest.raises(PaymentRequiredError):
        ledger.spend(1)

    ledger.do(Grant("ADJUSTMENT", 1_000, Source("test", "2")))
    assert (ledger.head.balance, ledger.head.debt) == (550, 0)


def test_8_refunds_follow_the_sum_that_was_given_back() -> None:
    ledger = bought()

    assert [ledger.refund(cents) for cents in (1_234, 2_500, 2_500, 5_000)] == [[-123], [-127], [], [-250]]
    assert ledger.purchase.reversed == 500


@pytest.mark.parametrize(("left_ms", "more"), [(10 * DAY_MS, 666), (HOUR_MS, 2)])
def test_9_upgrade_grants_more_for_the_part_of_the_month_that_is_left(left_ms: int, more: int) -> None:
    ledger = Ledger(now_ms=APR)
    end_ms = from_rfc3339("2026-05-01T00:00:00Z")
    ledger.do(StartPlan(Terms("STARTER", APR, 1_000, 0, end_ms)))
    at_ms = end_ms - left_ms

    assert ledger.do(ChangePlan("PRO", 3_000, 0, at_ms, Source("upgrade", "1")), at_ms) == [more]


def test_10_percentage_tops_the_purchase_up_and_is_refunded_with_it() -> None:
    ledger = Ledger()
    ledger.do(AddBonus(PendingBonus("voucher_1", 20, None)))

    assert ledger.do(Buy(ledger.purchase, 500, 5_000, None)) == [500, 100]
    assert ledger.lots() == {"BONUS": 100, "PURCHASE": 500}
    assert ledger.refund(2_500) == [-250, -50]


def test_11_what_is_released_after_its_lots_end_lives_for_72_hours() -> None:
    ledger = Ledger()
    end_ms = JAN + DAY_MS
    ledger.do(Grant("BONUS", 100, Source("test", "1"), end_ms))
    ledger.do(PlaceHold("hold_1", 40, "image", 23 * HOUR_MS), end_ms - HOUR_MS)

    assert ledger.do(Release("hold_1"), end_ms + HOUR_MS) == [-60, 40]
    assert [(lot.kind, lot.remaining, lot.expires_ms) for lot in ledger.head.lots] == [
        ("RELEASED", 40, end_ms + 73 * HOUR_MS)
    ]
    assert ledger.do(None, end_ms + 73 * HOUR_MS) == [-40]


def test_12_spending_may_owe_as_much_as_the_overdraft() -> None:
    ledger = Ledger()
    ledger.do(SetOverdraft(200))
    ledger.spend(150)
    assert ledger.head.balance == -150

    with pytest.raises(PaymentRequiredError):
        ledger.spend(51)


def test_13_rollover_comes_at_the_boundary_and_the_months_credits_once_it_is_paid() -> None:
    ledger = paid_plan(1_000, 500)
    ledger.spend(700)

    assert ledger.do(None, FEB) == [0]
    assert ledger.lots() == {"ROLLOVER": 300}

    assert ledger.do(PayPlan(FEB, MAR, 1_000), FEB + 8 * DAY_MS) == [1_000]
    assert {lot.expires_ms for lot in ledger.head.lots} == {MAR}


def test_posted_entries_are_balanced_in_every_story() -> None:
    ledger = bought()
    ledger.spend(450)
    ledger.refund(5_000)

    assert posted(ledger.entries) == [
        {"AVAILABLE": 500, "GRANTED.PURCHASE": -500},
        {"AVAILABLE": -450, "SPENT.image": 450},
        {"AVAILABLE": -50, "DEBT": -450, "REVERSED": 500},
    ]
