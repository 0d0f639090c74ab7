"""Owners are notified once of each part of a limit. Case 24, with a limit of 1,000."""

from dataclasses import replace

import pytest
from optiq.billing.accounts.stored import account_of, change_account
from optiq.billing.plans.contracts import Overrides
from optiq.billing.usage import watching
from optiq.billing.usage.allowing import Allowance
from optiq.billing.usage.contracts import StoredEvent
from optiq.billing.usage.counting import Known, count
from optiq.billing.usage.month import Seen
from optiq.billing.usage.watching import watch
from optiq.events.contracts import Event
from optiq.events.keys import outbox_item
from optiq.events.records import OutboxRecord
from optiq.kernel.clock import MINUTE_MS, Clock
from optiq.notifications.contracts import NotificationRequested
from pydantic import TypeAdapter

from tests.functional.billing.paying import Paying
from tests.performance.metering import Meter

_EVENT, _FACT = TypeAdapter(Event), TypeAdapter(NotificationRequested)


_FAR = Seen(Allowance(None, None, None, None), 0, 0, (), 0, 2**60)
"""What a process knows that looks at nothing."""


class _Shop:
    """An organization with a limit, and one process that counts its events."""

    def __init__(self, payer: Paying) -> None:
        self.payer, self.sequence = payer, 0
        self.known: dict[str, Seen] = {}
        self.limit(1_000)

    def limit(self, events: int) -> None:
        before = account_of(self.payer.organization_id, self.payer.now_ms)
        after = replace(before, overrides=Overrides(monthly_events=events))
        change_account(self.payer.caller, before, after, self.payer.clock)

    def store(self, events: int, known: dict[str, Seen] | None = None) -> None:
        numbers = range(self.sequence, self.sequence + events)
        self.sequence += events
        stored = [StoredEvent(number, "site_a", self.payer.now_ms) for number in numbers]
        count(self.payer.organization_id, "shard-0", stored, Known())
        self.watch(events, known)

    def watch(self, events: int, known: dict[str, Seen] | None = None) -> None:
        watch(self.payer.organization_id, events, clock=self.payer.clock, known=self.known if known is None else known)

    def notices(self) -> list[str]:
        """Titles, in the order in which they were requested."""
        partition = outbox_item(self.payer.organization_id, "").pk
        events = [_EVENT.validate_json(one.event) for one in OutboxRecord.query(partition) if one.event]
        asked = sorted((one for one in events if one.name == "NotificationRequested"), key=lambda one: one.at_ms)
        return [_FACT.validate_python(one.data).message.title for one in asked]


@pytest.fixture
def shop(payer: Paying) -> _Shop:
    return _Shop(payer)


HALFWAY, WHOLE = "80 % of the events of this month are used", "All events of this month are used"
HELD = "Events are held"


def test_owners_are_notified_once_at_80_and_once_at_100_percent(shop: _Shop) -> None:
    shop.store(799)
    assert shop.notices() == []
    shop.store(1)
    assert shop.notices() == [HALFWAY]
    for _ in range(3):
        shop.store(60, known={})
    assert shop.notices() == [HALFWAY]
    shop.payer.now_ms += MINUTE_MS
    shop.store(20)
    assert shop.notices() == [HALFWAY, WHOLE]
    shop.payer.now_ms += MINUTE_MS
    shop.store(500, known={})
    shop.watch(500)
    assert shop.notices() == [HALFWAY, WHOLE, HELD]


def test_what_another_shard_counts_during_a_look_is_not_forgotten(shop: _Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads of two shards look at once: the one that read less, and ends last, does not hide what the other saw."""
    look, looks = watching.look, list[Seen]()

    def slow(organization_id: str, clock: Clock) -> Seen:
        found = look(organization_id, clock)
        looks.append(found)
        if len(looks) == 1:
            shop.store(300)
        return found

    monkeypatch.setattr(watching, "look", slow)
    shop.store(400)
    assert shop.known[shop.payer.organization_id].stored == 700
    shop.store(100)
    assert shop.notices() == [HALFWAY]


def test_limit_that_is_passed_at_once_is_one_notice(shop: _Shop) -> None:
    shop.store(1_199)
    shop.store(0, known={})
    assert shop.notices() == [WHOLE]


def test_larger_limit_within_the_month_has_thresholds_of_its_own(shop: _Shop) -> None:
    shop.store(1_000)
    shop.limit(2_000)
    shop.payer.now_ms += MINUTE_MS
    shop.store(1)
    assert shop.notices() == [WHOLE]
    shop.store(599)
    assert shop.notices() == [WHOLE, HALFWAY]


def test_what_other_processes_count_is_seen_after_a_while(shop: _Shop) -> None:
    shop.store(700)
    shop.store(100, known={shop.payer.organization_id: _FAR})
    assert shop.notices() == []
    shop.payer.now_ms += 15_000
    shop.watch(0)
    assert shop.notices() == [HALFWAY]


def test_next_month_begins_anew(shop: _Shop) -> None:
    shop.store(800)
    shop.payer.pass_to("2026-05-01T00:00:00Z")
    shop.watch(0)
    assert shop.notices() == [HALFWAY]
    shop.store(800)
    assert shop.notices() == [HALFWAY, HALFWAY]


def test_nothing_is_read_between_two_looks(shop: _Shop) -> None:
    shop.store(10)
    with (meter := Meter()):
        shop.watch(10)
    assert meter.calls == 0


def test_nothing_is_read_or_asked_where_nobody_pays(table: object, organization_id: str) -> None:
    known: dict[str, Seen] = {}
    with (meter := Meter()):
        watch(organization_id, 10**9, known=known)
    assert (meter.calls, known) == (0, {})
