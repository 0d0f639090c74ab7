"""Plans, entitlements and the arithmetic of periods. Cases are those of the billing design."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from optiq.billing.plans import catalogue
from optiq.billing.plans.contracts import Entitlements, Overrides, SubscriptionFacts, Trial
from optiq.billing.plans.entitlements import entitled, unlimited
from optiq.billing.plans.periods import billing_period, last_second_of_hour
from optiq.kernel.clock import DAY_MS, HOUR_MS, SECOND_MS, from_rfc3339, to_rfc3339

NOW_MS = from_rfc3339("2026-04-05T00:00:00Z")
END_MS = from_rfc3339("2026-05-01T00:00:00Z")
STARTER = SubscriptionFacts("STARTER", 1, "ACTIVE", END_MS)


def _of(subscription: SubscriptionFacts | None, now_ms: int = NOW_MS, trial: Trial | None = None) -> Entitlements:
    return entitled(subscription, Overrides(), trial, now_ms)


@pytest.mark.parametrize(
    ("anchor", "ends"),
    [
        # Case 9: a month that is too short ends on its last day; the next one has the anchor's day again.
        ("2026-01-31T14:37:12.000Z", ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]),
        ("2028-01-31T14:37:12.000Z", ["2028-02-29", "2028-03-31"]),
    ],
)
def test_month_ends_on_its_last_day_when_it_is_too_short(anchor: str, ends: list[str]) -> None:
    at_ms = from_rfc3339(anchor)
    found = []
    for _ in ends:
        at_ms = billing_period(from_rfc3339(anchor), "month", at_ms).end_ms
        found.append(to_rfc3339(at_ms))
    assert found == [f"{end}T14:37:12.000Z" for end in ends]


def test_year_from_a_leap_day_ends_in_february() -> None:
    anchor_ms = at_ms = from_rfc3339("2024-02-29T08:00:00Z")
    ends = []
    for _ in range(4):
        at_ms = billing_period(anchor_ms, "year", at_ms).end_ms
        ends.append(to_rfc3339(at_ms)[:10])
    assert ends == ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]  # case 9


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Pacific/Honolulu"])
@pytest.mark.parametrize(("day", "berlin_hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_period_has_the_same_hours_in_every_timezone(zone: str, day: str, berlin_hours: int) -> None:
    """Case 10: days of a timezone may have 23 or 25 hours; a period's hours are UTC's, whoever looks at them."""
    midnight = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone))
    after = midnight + timedelta(days=1)
    hours = int((after.astimezone(UTC) - midnight.astimezone(UTC)) / timedelta(hours=1))
    assert hours == (berlin_hours if zone == "Europe/Berlin" else 24)
    period = billing_period(from_rfc3339("2026-01-01T00:00:00Z"), "month", int(midnight.timestamp() * 1000))
    first, behind = period.hours
    by_day: dict[str, int] = {}
    for hour_ms in range(first, behind, HOUR_MS):
        local = datetime.fromtimestamp(hour_ms / 1000, ZoneInfo(zone)).date().isoformat()
        by_day[local] = by_day.get(local, 0) + 1
    assert by_day[day] == hours
    assert sum(by_day.values()) == 31 * 24


def test_period_counts_the_hour_that_its_start_cuts() -> None:
    """Case 11."""
    period = billing_period(from_rfc3339("2026-03-28T14:37:12Z"), "month", from_rfc3339("2026-03-28T15:00:00Z"))
    assert period.has_usage_of(from_rfc3339("2026-03-28T14:10:00Z"))
    assert period.has_usage_of(from_rfc3339("2026-03-28T14:50:00Z"))
    assert not period.has_usage_of(from_rfc3339("2026-03-28T13:59:59.999Z"))
    assert not period.has_usage_of(from_rfc3339("2026-04-28T14:10:00Z"))
    assert to_rfc3339(last_second_of_hour(period.start_ms) * SECOND_MS) == "2026-03-28T14:59:59.000Z"


def test_catalogue_versions_stay_as_they_were_sold() -> None:
    """A change of a plan is a version of a higher number: subscriptions refer to the one that they began with."""
    prices = {
        slug: {(one.interval, one.currency): one.amount_micros for one in plan.prices}
        for (slug, _), plan in catalogue.CATALOGUE.items()
    }
    assert prices["STARTER"]["month", "USD"] == 29_000_000
    assert prices["PROFESSIONAL"]["month", "USD"] == 99_000_000
    assert [(one.slug, one.monthly_events, one.credits_per_month, one.max_rollover) for one in catalogue.offered()] == [
        ("FREE", 50_000, 100, 0),
        ("STARTER", 1_000_000, 1_000, 500),
        ("PROFESSIONAL", 5_000_000, 3_000, 1_500),
        ("ENTERPRISE", 50_000_000, 10_000, 10_000),
    ]


def test_catalogue_finds_a_plan_by_its_price() -> None:
    for plan in catalogue.CATALOGUE.values():
        for price in plan.prices:
            assert catalogue.plan_of_key(plan.lookup_key(price)) is plan
    assert catalogue.plan_of_key("starter_month_usd_v99") is None


@pytest.mark.parametrize("status", ["UNPAID", "PAUSED", "INCOMPLETE", "INCOMPLETE_EXPIRED", "CANCELED"])
def test_plan_is_free_when_the_subscription_gives_nothing(status: str) -> None:
    found = _of(replace(STARTER, status=status))  # type: ignore[arg-type]
    assert (found.plan, found.stance) == ("FREE", "FREE")


def test_plan_is_the_paid_one_while_it_is_paid() -> None:
    found = _of(STARTER)
    assert (found.plan, found.stance, found.monthly_events, found.until_ms) == ("STARTER", "ACTIVE", 1_000_000, None)
    assert found.overage


def test_plan_ends_to_the_millisecond_when_it_is_canceled() -> None:
    """Case 15."""
    canceled = replace(STARTER, cancel_at_period_end=True)
    assert _of(canceled, END_MS - 1).stance == "CANCELING"
    assert _of(canceled, END_MS).plan == "FREE"


def test_plan_lasts_for_the_days_of_dunning_when_a_renewal_fails() -> None:
    """Case 16: April 1 to April 8, then free, with what is beyond it held."""
    since_ms = from_rfc3339("2026-04-01T00:00:00Z")
    late = replace(STARTER, status="PAST_DUE", past_due_since_ms=since_ms)
    assert _of(late, since_ms + 7 * DAY_MS - 1).stance == "PAST_DUE"
    lapsed = _of(late, since_ms + 7 * DAY_MS)
    assert (lapsed.plan, lapsed.stance) == ("FREE", "LAPSED")


def test_trial_gives_the_plan_within_its_limits_until_its_end() -> None:
    """Case 18: a trial has the plan's features, 100,000 events and 50 credits, and ends to the millisecond."""
    trial = Trial("PROFESSIONAL", NOW_MS + 1)
    found = _of(None, NOW_MS, trial)
    assert (found.plan, found.stance, found.overage) == ("PROFESSIONAL", "TRIAL", False)
    assert (found.monthly_events, found.credits_per_month) == (100_000, 50)
    assert _of(None, NOW_MS + 1, trial).plan == "FREE"
    assert _of(STARTER, NOW_MS, trial).stance == "ACTIVE"


def test_overrides_change_single_limits() -> None:
    given = Overrides(monthly_events=-1, seats=99, features=("priority",))
    found = entitled(STARTER, given, None, NOW_MS)
    assert (found.monthly_events, found.seats, found.credits_per_month) == (None, 99, 1_000)
    assert found.has("priority")
    assert not _of(STARTER).has("priority")


def test_internal_and_suspended_organizations_are_not_judged_by_their_subscription() -> None:
    internal = entitled(None, Overrides(), None, NOW_MS, account="INTERNAL")
    assert (internal.stance, internal.monthly_events) == ("INTERNAL", None)
    assert entitled(STARTER, Overrides(), None, NOW_MS, account="SUSPENDED").stance == "SUSPENDED"


def test_unlimited_has_every_feature_and_no_limit() -> None:
    found = unlimited("SELF_HOSTED")
    assert (found.monthly_events, found.monthly_ad_spend_micros, found.seats) == (None, None, None)
    assert found.has("priority")
