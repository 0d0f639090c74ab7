"""What always holds in a ledger, over random histories."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from optiq.billing.ledger.checking import Books, fault_in
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
    Take,
)
from optiq.billing.ledger.contracts import Entry, Head, PendingBonus, Purchase, Source, Terms
from optiq.billing.ledger.posting import due_ms, post, settle
from optiq.billing.months import months_after
from optiq.kernel.clock import DAY_MS, HOUR_MS, MINUTE_MS, from_rfc3339
from optiq.kernel.errors import OptiqError

START = from_rfc3339("2026-01-31T14:37:12Z")
AMOUNTS = st.integers(1, 900)
NAMES = st.integers(1, 4)
_TAKING = ("SPEND", "HOLD", "CAPTURE", "TAKE_ADJUSTMENT")
Build = Callable[["History"], Command]


class History:
    """A ledger with what was posted to it, as storage keeps it: a source has one entry."""

    def __init__(self) -> None:
        self.head, self.now_ms, self.number = Head(), START, 0
        self.entries: list[Entry] = []
        self.purchases: dict[str, Purchase] = {}
        self.books = Books()

    def source(self, kind: str) -> Source:
        self.number += 1
        return Source(kind, str(self.number))

    def purchase(self, name: int) -> Purchase:
        return self.purchases.get(f"pi_{name}", Purchase(f"pi_{name}"))

    def do(self, build: Build | None, wait_ms: int) -> None:
        self.now_ms += wait_ms
        try:
            posted = post(self.head, build(self) if build else None, self.now_ms)
        except OptiqError:
            posted = post(self.head, None, self.now_ms)
        for entry in posted.entries:
            assert not self.books.add(entry), entry
            if entry.type in _TAKING and entry.amount < 0:
                assert entry.balance_after >= -self.head.overdraft
        self.head = posted.head
        self.entries += posted.entries
        if posted.purchase:
            self.purchases[posted.purchase.purchase_id] = posted.purchase
        assert not self.books.end(self.head)
        assert self.head.balance == self.books.balance


def _buy(history: History, name: int, amount: int) -> Command:
    known = history.purchase(name)
    # Storage posts a purchase once.
    return Charge(known, 5_000, known.refunded) if known.sequence else Buy(known, amount, 5_000, None)


def _hold(history: History, amount: int, minutes: int) -> Command:
    return PlaceHold(history.source("hold").id, amount, "image", minutes * MINUTE_MS)


def _open_hold(history: History) -> str:
    return next((hold.hold_id for hold in history.head.holds), "none")


def _terms(history: History, plan: str, monthly: int, rollover: int, paid: bool) -> Command:
    return StartPlan(Terms(plan, history.now_ms, monthly, rollover, history.now_ms if paid else None))


def _pay(history: History, monthly: int) -> Command:
    period_ms = history.head.period_ms or START
    return PayPlan(period_ms, months_after(period_ms, 1), monthly)


_ENDS = st.none() | st.integers(1, 60)
BUILDS: st.SearchStrategy[Any] = st.one_of(
    st.builds(
        lambda kind, amount, days: (
            lambda history: Grant(kind, amount, history.source("grant"), days and history.now_ms + days * DAY_MS)
        ),
        st.sampled_from(["BONUS", "ADJUSTMENT"]),
        AMOUNTS,
        _ENDS,
    ),
    st.builds(lambda amount: lambda history: Take(amount, history.source("take")), AMOUNTS),
    st.builds(lambda amount: lambda history: Spend(amount, "image", history.source("job")), AMOUNTS),
    st.builds(lambda amount, minutes: lambda history: _hold(history, amount, minutes), AMOUNTS, st.integers(1, 1_440)),
    st.builds(lambda amount: lambda history: Capture(_open_hold(history), amount, history.source("job")), AMOUNTS),
    st.just(lambda history: Release(_open_hold(history))),
    st.builds(lambda name, amount: lambda history: _buy(history, name, amount), NAMES, AMOUNTS),
    st.builds(
        lambda name, refunded, disputed: lambda history: Charge(history.purchase(name), 5_000, refunded, disputed),
        NAMES,
        st.integers(0, 5_000),
        st.booleans(),
    ),
    st.builds(
        lambda plan, monthly, rollover, paid: lambda history: _terms(history, plan, monthly, rollover, paid),
        st.sampled_from(["FREE", "STARTER", "PRO"]),
        st.integers(0, 1_000),
        st.integers(0, 500),
        st.booleans(),
    ),
    st.builds(
        lambda monthly: lambda history: ChangePlan("PRO", monthly, 100, history.now_ms, history.source("upgrade")),
        st.integers(0, 3_000),
    ),
    st.builds(lambda monthly: lambda history: _pay(history, monthly), st.integers(0, 1_000)),
    st.builds(lambda percent: lambda _: AddBonus(PendingBonus("voucher", percent, None)), st.integers(1, 100)),
    st.builds(lambda amount: lambda _: SetOverdraft(amount), st.integers(0, 300)),
)
WAITS = st.sampled_from([0, 0, MINUTE_MS, HOUR_MS, 7 * HOUR_MS, DAY_MS, 9 * DAY_MS, 40 * DAY_MS])
HISTORIES = st.lists(st.tuples(BUILDS, WAITS), max_size=40)


def _check(steps: list[tuple[Build, int]]) -> None:
    history = History()
    for build, wait_ms in steps:
        history.do(build, wait_ms)

    assert fault_in(history.entries, history.head) == ""
    _check_holds(history.entries)
    for purchase in history.purchases.values():
        assert 0 <= purchase.reversed <= purchase.credits
        assert 0 <= purchase.bonus_reversed <= purchase.bonus
    corrected = {entry.reverses for entry in history.entries if entry.reverses is not None}
    assert corrected <= {entry.sequence for entry in history.entries if entry.type in ("EARN_PURCHASE", "EARN_BONUS")}


def _check_holds(entries: list[Entry]) -> None:
    """A hold ends once, and no more is captured and given back than was held."""
    of_holds = Counter[str]()
    for entry in entries:
        if entry.hold_id:
            of_holds[entry.hold_id] += entry.postings.get("HELD", 0)
    ends = Counter(entry.hold_id for entry in entries if entry.type in ("RELEASE", "TIMEOUT"))
    assert all(left >= 0 for left in of_holds.values())
    assert all(times == 1 for times in ends.values())


@given(steps=HISTORIES)
def test_invariants_hold_after_every_posting(steps: list[tuple[Build, int]]) -> None:
    _check(steps)


@pytest.mark.slow
@settings(max_examples=10_000)
@given(steps=HISTORIES)
def test_invariants_hold_in_ten_thousand_histories(steps: list[tuple[Build, int]]) -> None:
    _check(steps)


@given(steps=HISTORIES, waits=st.lists(WAITS, min_size=1, max_size=5))
def test_what_the_clock_brings_is_the_same_whenever_it_is_posted(
    steps: list[tuple[Build, int]], waits: list[int]
) -> None:
    history = History()
    for build, wait_ms in steps:
        history.do(build, wait_ms)
    often, end_ms = history.head, history.now_ms
    for wait_ms in waits:
        end_ms += wait_ms
        often = post(often, None, end_ms).head
    once = post(history.head, None, end_ms).head

    assert replace(often, version=0, at_ms=0) == replace(once, version=0, at_ms=0)


@given(steps=HISTORIES)
def test_settle_in_small_parts_ends_as_in_one(steps: list[tuple[Build, int]]) -> None:
    history = History()
    for build, wait_ms in steps:
        history.do(build, wait_ms)
    later_ms = history.now_ms + 400 * DAY_MS
    head = history.head
    while part := settle(head, later_ms, 2):
        head = part.head
    head = post(head, None, later_ms).head

    assert replace(head, version=0) == replace(post(history.head, None, later_ms).head, version=0)
    due = due_ms(head)
    assert due is None or due > later_ms


def test_fault_in_names_the_entry_that_was_changed() -> None:
    history = History()
    for amount in (500, 300):
        history.do(lambda one, amount=amount: Grant("BONUS", amount, one.source("grant")), 0)
    history.do(lambda one: Spend(100, "image", one.source("job")), 0)
    changed = [replace(entry, amount=entry.amount + (entry.sequence == 2)) for entry in history.entries]

    assert fault_in(history.entries, history.head) == ""
    assert fault_in(changed, history.head).startswith("entry 2: ")
