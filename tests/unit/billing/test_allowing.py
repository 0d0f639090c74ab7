"""What may be stored, held and paid, with the numbers of cases 24 and 26."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from optiq.billing.plans.catalogue import CATALOGUE
from optiq.billing.plans.contracts import Entitlements, Overrides
from optiq.billing.plans.entitlements import entitled, unlimited
from optiq.billing.plans.overage import Cap, overage
from optiq.billing.usage.allowing import Allowance, allowance
from optiq.billing.usage.thresholds import thresholds
from optiq.kernel.clock import DAY_MS
from optiq.kernel.money import MICROS

STARTER = CATALOGUE["STARTER", 1]
NOW = 1_774_708_632_000


def _free(limit: int = 1_000_000) -> Entitlements:
    return entitled(None, Overrides(monthly_events=limit), None, NOW)


def _allowed(whole_since_ms: int | None = None) -> Allowance:
    return allowance(_free(), "", None, whole_since_ms, NOW)


@pytest.mark.parametrize(
    ("stored", "held", "state"),
    [(1_199_999, 0, "OPEN"), (1_200_000, 0, "HELD"), (1_200_000, 799_999, "HELD"), (1_200_000, 800_000, "STOPPED")],
)
def test_events_are_held_at_120_percent_and_refused_at_200(stored: int, held: int, state: str) -> None:
    assert _allowed().state(stored, held) == state


def test_owners_are_told_at_80_and_100_percent_and_when_events_are_held() -> None:
    assert [(one.kind, one.at) for one in thresholds(_allowed(), None)] == [
        ("PART", 800_000),
        ("WHOLE", 1_000_000),
        ("HELD", 1_200_000),
    ]


def test_grace_ends_after_seven_days() -> None:
    assert _allowed(NOW - 7 * DAY_MS + 1).holds_at == 1_200_000
    assert _allowed(NOW - 7 * DAY_MS).holds_at == 1_000_000


def test_plan_that_sells_more_holds_at_its_cap_or_never() -> None:
    sold = replace(_free(), overage=True)
    assert allowance(sold, "250", None, None, NOW) == Allowance(1_000_000, None, None, None)
    held = allowance(sold, "250", Cap(50 * MICROS), None, NOW)
    assert held == Allowance(1_000_000, 1_200_000, 1_200_000, 2_400_000)
    assert allowance(sold, "250", Cap(50 * MICROS, stops=True), None, NOW).stops_at == 1_200_000
    told = [(one.kind, one.at) for one in thresholds(held, Cap(50 * MICROS))]
    assert told[2:] == [("CAP_PART", 1_160_000), ("CAP", 1_200_000)]


def test_nothing_is_held_where_nothing_is_limited_and_all_where_it_is_suspended() -> None:
    assert allowance(unlimited("SELF_HOSTED"), "", None, None, NOW).state(10**12, 0) == "OPEN"
    suspended = entitled(None, Overrides(), None, NOW, account="SUSPENDED")
    assert allowance(suspended, "", None, None, NOW).state(0, 0) == "STOPPED"


@pytest.mark.parametrize(
    ("stored", "cap", "billed", "micros"),
    [
        (1_000_000, None, 0, 0),
        (1_250_000, None, 250_000, 62_500_000),
        (1_350_000, Cap(50 * MICROS), 200_000, 50_000_000),
        (1_350_000, Cap(0), 0, 0),
    ],
)
def test_overage_costs_what_the_plan_says_up_to_the_cap(stored: int, cap: Cap | None, billed: int, micros: int) -> None:
    found = overage(stored, 1_000_000, STARTER.overage_per_event, cap)
    assert (found.events, found.billed, found.amount_micros) == (stored - 1_000_000, billed, micros)


@given(st.integers(0, 10**9), st.integers(0, 10**7), st.sampled_from(["250", "150", "80", "0.25"]))
def test_cap_is_never_exceeded_and_reached_to_the_cent(stored: int, cents: int, per_event: str) -> None:
    cap = Cap(cents * 10_000)
    found, uncapped = overage(stored, 0, per_event, cap), overage(stored, 0, per_event, None)
    assert found.amount_micros <= cap.micros
    assert found.amount_micros % 10_000 == 0
    assert found.amount_micros == min(cap.micros, uncapped.amount_micros)
