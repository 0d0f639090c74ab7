"""Usage is reported to Stripe in absolute hours; an invoice is final once both sides agree. Cases 21 to 23 and 26."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pytest
from optiq.billing.accounts.stored import account_of, change_account
from optiq.billing.gateways.stripe_metering import StripeMetering
from optiq.billing.metering.api import Metered, meter
from optiq.billing.mirror.contracts import Invoice
from optiq.billing.mirror.months import BillingMonth, months_due, months_of
from optiq.billing.mirror.shelf import page_of_kind
from optiq.billing.plans.contracts import Overrides
from optiq.billing.usage.contracts import ShardMark, StoredEvent
from optiq.billing.usage.counting import Known, count
from optiq.billing.usage.marking import note_marks
from optiq.kernel.clock import DAY_MS, HOUR_MS, MINUTE_MS, from_rfc3339
from optiq.kernel.errors import UpstreamError
from optiq.ports.stream import Record

from infra.local.stripe_server.server import Fault
from infra.local.stripe_server.world import World
from tests.functional.billing.paying import Paying

SHARDS = ("shard-0", "shard-1")


class _Killed(BaseException):
    pass


@dataclass
class _Marked:
    """A stream of two shards, whose marks nobody has read yet."""

    put: list[Record] = field(default_factory=list)

    def put_on_every_shard(self, record: Record) -> list[str]:
        self.put.append(record)
        return list(SHARDS)


class _Shop:
    """An organization on Starter with a limit of 1,000, from 2026-04-01, that uses what a test says."""

    def __init__(self, payer: Paying) -> None:
        self.payer, self.sequence = payer, 0
        self.metering = StripeMetering(payer.account)
        payer.subscribe()
        self.change(overrides=Overrides(monthly_events=1_000))

    def change(self, **fields: object) -> None:
        before = account_of(self.payer.organization_id, self.payer.now_ms)
        change_account(self.payer.caller, before, replace(before, **fields), self.payer.clock)  # type: ignore[arg-type]

    def use(self, events: int, instant: str) -> None:
        numbers = range(self.sequence, self.sequence + events)
        self.sequence += events
        at_ms = from_rfc3339(instant)
        count(self.payer.organization_id, "shard-0", [StoredEvent(one, "site_a", at_ms) for one in numbers], Known())

    def meter(self) -> Metered:
        found = meter(self.metering, self.payer.clock)
        self.payer.deliver()
        return found

    def mark(self, *shards: str) -> None:
        note_marks([ShardMark(self.payer.organization_id, self.months[0].start_ms, one) for one in shards])

    @property
    def world(self) -> World:
        return self.payer.world

    @property
    def months(self) -> list[BillingMonth]:
        return months_of(self.payer.organization_id)

    @property
    def theirs(self) -> Mapping[int, int]:
        """Stripe's hours of April, by their instant."""
        first, last = from_rfc3339("2026-04-01T00:00:00Z") // 1000, from_rfc3339("2026-05-02T00:00:00Z") // 1000
        found = self.metering.hours_of(self.months[0].customer_id, first, last)
        return {second * 1000: events for second, events in found.items()}

    @property
    def invoices(self) -> Sequence[Invoice]:
        return page_of_kind(Invoice, self.payer.organization_id, 20, None).items

    def closed(self) -> None:
        """May begins, and all of April's events are counted."""
        self.payer.pass_to("2026-05-01T00:01:00Z")
        self.meter()
        self.mark(*SHARDS)
        self.meter()


@pytest.fixture
def shop(payer: Paying, monkeypatch: pytest.MonkeyPatch) -> _Shop:
    monkeypatch.setattr("optiq.billing.metering.api.stripe_account", lambda: payer.account)
    monkeypatch.setattr("optiq.billing.usage.marking.wiring.stream", _Marked)
    # Other tests leave organizations in the table.
    mine = lambda: [one for one in months_due() if one.organization_id == payer.organization_id]  # noqa: E731
    monkeypatch.setattr("optiq.billing.metering.api.months_due", mine)
    return _Shop(payer)


def test_late_events_raise_an_hour_and_nothing_is_counted_twice(shop: _Shop) -> None:
    """Case 21: the hour has 12,345 events, then 5 more. What is killed before it is noted is sent again."""
    hour = "2026-04-03T10:10:00Z"
    hour_ms = from_rfc3339("2026-04-03T10:00:00Z")
    shop.use(12_345, hour)
    shop.payer.now_ms = hour_ms + 30 * MINUTE_MS
    assert (shop.meter().reported, shop.theirs) == (0, {})
    shop.payer.now_ms = hour_ms + HOUR_MS + MINUTE_MS
    assert (shop.meter().reported, shop.theirs) == (1, {hour_ms: 12_345})
    assert shop.meter().reported == 0
    shop.use(5, hour)
    assert (shop.meter().reported, shop.theirs) == (1, {hour_ms: 12_350})
    identifiers = [one["identifier"] for one in shop.world.all_of("billing.meter_event")]
    assert [one.rpartition(":")[2] for one in identifiers] == ["r2", "r1"]


@pytest.mark.parametrize("hours_later", [0, 30])
def test_report_that_is_killed_after_it_was_sent_is_taken_once(
    shop: _Shop, monkeypatch: pytest.MonkeyPatch, hours_later: int
) -> None:
    hour_ms = from_rfc3339("2026-04-03T10:00:00Z")
    shop.use(12_350, "2026-04-03T10:10:00Z")
    shop.payer.now_ms = hour_ms + HOUR_MS + MINUTE_MS

    def killed(*args: object) -> None:
        StripeMetering.report_hour(shop.metering, *args)  # type: ignore[arg-type]
        raise _Killed

    with monkeypatch.context() as patch:
        patch.setattr(shop.metering, "report_hour", killed)
        with pytest.raises(_Killed):
            shop.meter()
    shop.payer.now_ms += hours_later * HOUR_MS
    assert (shop.meter().reported, shop.theirs) == (1, {hour_ms: 12_350})
    assert shop.meter().reported == 0


def test_clock_six_minutes_ahead_reports_nothing_that_stripe_refuses(shop: _Shop) -> None:
    """Case 22, second half: the hour is not over by Stripe's clock, so it refuses; it is sent later."""
    shop.use(10, "2026-04-03T10:10:00Z")
    real = from_rfc3339("2026-04-03T10:54:00Z")
    shop.payer.now_ms = real
    ahead = lambda: real + 7 * MINUTE_MS  # noqa: E731
    with pytest.raises(UpstreamError):
        meter(shop.metering, ahead)
    assert shop.theirs == {}
    shop.payer.now_ms = real + 10 * MINUTE_MS
    assert (shop.meter().reported, list(shop.theirs.values())) == (1, [10])


def test_events_beyond_the_limit_are_on_the_renewal_and_it_is_paid(shop: _Shop) -> None:
    """Case 26 with a limit of 1,000: of 251,000 events 250,000 cost $62.50."""
    shop.use(251_000, "2026-04-03T10:10:00Z")
    shop.closed()
    (month, following) = shop.months
    assert (month.status, month.stored, month.billed, month.amount_micros) == ("CLOSED", 251_000, 250_000, 62_500_000)
    assert (following.status, following.start_ms) == ("OPEN", month.end_ms)
    renewal = shop.invoices[0]
    assert (renewal.status, renewal.total_micros) == ("PAID", 29_000_000 + 62_500_000)
    assert [line.quantity for line in renewal.lines] == [1, 250_000]


def test_cap_is_honoured_to_the_cent_and_the_rest_is_free(shop: _Shop) -> None:
    """Case 26: $50 pay for 200,000 events, though 350,000 are stored."""
    shop.change(spend_cap_micros=50_000_000)
    shop.use(351_000, "2026-04-03T10:10:00Z")
    shop.closed()
    assert (shop.months[0].billed, shop.months[0].amount_micros) == (200_000, 50_000_000)
    assert shop.invoices[0].total_micros == 79_000_000


def test_draft_waits_until_every_shard_is_read_and_an_alarm_sounds_after_45_minutes(shop: _Shop) -> None:
    """Case 23: the mark of one shard is missing; then it comes, and the invoice is final at the next look."""
    shop.use(2_000, "2026-04-03T10:10:00Z")
    shop.payer.pass_to("2026-05-01T00:01:00Z")
    assert shop.meter().waiting == 1
    shop.mark("shard-0")
    shop.payer.pass_to("2026-05-01T00:45:00Z")
    assert (shop.meter().waiting, shop.invoices[0].status) == (1, "DRAFT")
    shop.payer.pass_to("2026-05-01T00:46:00Z")
    with pytest.raises(UpstreamError, match="1 months are not closed"):
        shop.meter()
    shop.payer.pass_to("2026-05-01T03:00:00Z")
    with pytest.raises(UpstreamError, match="1 months are not closed"):
        shop.meter()
    assert shop.invoices[0].status == "DRAFT"
    shop.mark("shard-1")
    assert shop.meter().closed == 1
    assert (shop.invoices[0].status, shop.invoices[0].total_micros) == ("PAID", 29_250_000)


def test_draft_waits_while_stripe_has_another_number_and_the_hour_is_sent_again(shop: _Shop) -> None:
    """Case 23: Stripe's summary is off by one. The hour is sent again after half an hour, and then both agree."""
    shop.use(2_000, "2026-04-20T10:10:00Z")
    shop.payer.pass_to("2026-04-20T11:05:00Z")
    shop.meter()
    payload = {"stripe_customer_id": shop.months[0].customer_id, "value": "1999"}
    shop.world.add(
        "billing.meter_event",
        event_name="optiq_events",
        payload=payload,
        identifier="other",
        timestamp=from_rfc3339("2026-04-20T10:59:59Z") // 1000,
    )
    shop.payer.pass_to("2026-05-01T00:01:00Z")
    shop.meter()
    shop.mark(*SHARDS)
    assert (shop.meter().closed, shop.invoices[0].status) == (0, "DRAFT")
    shop.payer.pass_to("2026-05-01T00:32:00Z")
    assert (shop.meter().closed, shop.invoices[0].status) == (0, "DRAFT")
    shop.payer.pass_to("2026-05-01T00:37:00Z")
    assert (shop.meter().closed, shop.invoices[0].status) == (1, "PAID")


def test_renewal_without_much_usage_is_left_to_stripe(shop: _Shop) -> None:
    shop.use(899, "2026-04-03T10:10:00Z")
    shop.payer.pass_to("2026-05-01T00:01:00Z")
    assert shop.world.all_of("invoice")[0]["auto_advance"]
    shop.payer.pass_to("2026-05-01T01:01:00Z")
    assert (shop.invoices[0].status, shop.invoices[0].total_micros) == ("PAID", 29_000_000)
    shop.meter()
    shop.mark(*SHARDS)
    shop.meter()
    assert (shop.months[0].status, len(shop.invoices)) == ("CLOSED", 2)


def test_what_is_counted_after_its_invoice_is_a_line_of_the_next(shop: _Shop) -> None:
    """Case 22, first half: it is too old to be sent to Stripe, and is one line of the next invoice."""
    shop.use(2_000, "2026-04-03T10:10:00Z")
    shop.closed()
    shop.use(4_000, "2026-04-03T10:20:00Z")
    shop.payer.pass_to("2026-06-01T00:01:00Z")
    shop.meter()
    note_marks([ShardMark(shop.payer.organization_id, shop.months[1].start_ms, one) for one in SHARDS])
    shop.meter()
    newest = shop.invoices[0]
    assert list(shop.theirs.values()) == [2_000]
    assert [line.quantity for line in newest.lines] == [1, 4_000]
    assert newest.lines[1].description.endswith("counted after its invoice")
    assert (newest.status, newest.total_micros) == ("PAID", 30_000_000)


def test_month_is_paid_by_the_cap_that_it_had(shop: _Shop) -> None:
    """A cap that is raised later has nobody pay more for a month that is over, though some events come late."""
    shop.change(spend_cap_micros=50_000_000)
    shop.use(351_000, "2026-04-03T10:10:00Z")
    shop.payer.pass_to("2026-05-01T00:01:00Z")
    shop.meter()
    shop.change(spend_cap_micros=None)
    shop.mark(*SHARDS)
    shop.meter()
    assert shop.months[0].amount_micros == 50_000_000
    shop.use(1, "2026-04-03T10:20:00Z")
    shop.payer.pass_to("2026-06-01T00:01:00Z")
    shop.meter()
    note_marks([ShardMark(shop.payer.organization_id, shop.months[1].start_ms, one) for one in SHARDS])
    shop.meter()
    assert shop.invoices[0].total_micros == 29_000_000


def test_line_that_stripe_added_though_it_answered_500_is_not_added_twice(
    shop: _Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.use(3_000, "2026-04-03T10:10:00Z")
    shop.payer.pass_to("2026-05-01T00:01:00Z")
    shop.meter()
    shop.mark(*SHARDS)
    look, looks = shop.metering._item_of, list[object]()

    def looked(invoice_id: str, source: str) -> object:
        looks.append(look(invoice_id, source))
        if len(looks) == 1:
            shop.payer.server.faults.append(Fault("/v1/invoiceitems", 500, after=True))
        return looks[-1]

    monkeypatch.setattr(shop.metering, "_item_of", looked)
    shop.meter()
    assert [one is not None for one in looks] == [False, True]
    assert shop.invoices[0].total_micros == 29_500_000


def test_subscription_that_ended_pays_what_it_used_by_an_invoice_of_its_own(shop: _Shop) -> None:
    shop.use(5_000, "2026-04-03T10:10:00Z")
    shop.payer.gateway.set_cancel(shop.months[0].subscription_id, at_period_end=True)
    shop.closed()
    assert (shop.months[0].status, len(shop.months)) == ("CLOSED", 1)
    assert (shop.invoices[0].reason, shop.invoices[0].total_micros) == ("MANUAL", 1_000_000)


def test_closing_that_is_killed_at_any_call_bills_once(shop: _Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.use(3_000, "2026-04-03T10:10:00Z")
    shop.payer.pass_to("2026-05-01T00:01:00Z")
    shop.meter()
    shop.mark(*SHARDS)
    for name in ("report_hour", "add_events", "finalize"):
        call = getattr(shop.metering, name)

        def killed(*args: object, call: object = call) -> None:
            call(*args)  # type: ignore[operator]
            raise _Killed

        with monkeypatch.context() as patch:
            patch.setattr(shop.metering, name, killed)
            with pytest.raises(_Killed):
                shop.meter()
    assert shop.meter().closed == 1
    assert shop.invoices[0].total_micros == 29_500_000


def test_larger_plan_within_the_month_is_what_the_month_is_paid_by(shop: _Shop) -> None:
    shop.change(overrides=Overrides())
    shop.use(1_000, "2026-04-03T10:10:00Z")
    shop.payer.now_ms += 10 * DAY_MS
    item = shop.payer.gateway.live_subscriptions(shop.months[0].customer_id)[0]
    shop.payer.gateway.change_price(item, "professional_month_usd_v1", shop.payer.now_ms // 1000)
    shop.payer.deliver()
    assert [one.plan for one in shop.months] == ["PROFESSIONAL"]
