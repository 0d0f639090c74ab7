"""One organization's messages keep no other's waiting, however many they are and however slow their receiver is."""

import pytest
from optiq.kernel.clock import MINUTE_MS, SECOND_MS, system_clock
from optiq.kernel.ids import new_id
from optiq.notifications.contracts import Delivery
from optiq.notifications.delivering import sweeping
from optiq.notifications.outbox import records
from optiq.notifications.outbox.contracts import Envelope

from tests.functional.tenancy.organizations import Company

pytestmark = pytest.mark.usefixtures("table")


def due(company: Company, count: int, at_ms: int) -> list[str]:
    """Deliveries to one webhook that are due at an instant; their ids."""
    channel_id, added = new_id("channel", at_ms), []
    for _ in range(count):
        delivery_id = new_id("webhook", at_ms)
        kind = "alert.triggered"
        delivery = Delivery(
            company.organization_id, delivery_id, "WEBHOOK", channel_id, kind, kind, "a", at_ms, next_ms=at_ms
        )
        assert records.add(delivery, Envelope(body="{}"))
        added.append(delivery_id)
    return added


def test_organizations_take_turns_in_what_is_due() -> None:
    now_ms = system_clock()
    many, one = Company(), Company()
    ids = due(many, 220, now_ms - MINUTE_MS)
    (late,) = due(one, 1, now_ms)

    found = [each.delivery_id for each in records.due_by(now_ms, 1_000)]
    place = found.index(late)

    # After the first hundred of the other, in the order in which they are due.
    assert sum(each in ids for each in found[:place]) == 100
    assert sum(each in ids for each in found) == 220


def test_a_slow_receiver_leaves_the_rest_to_the_next_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    now_ms = system_clock()
    many, one = Company(), Company()
    # Before all that other tests left.
    slow, quick = due(many, 9, MINUTE_MS), due(one, 1, MINUTE_MS)
    tried: list[str] = []

    def attempt(organization_id: str, delivery_id: str, _: int) -> None:
        nonlocal now_ms
        tried.append(delivery_id)
        if organization_id == many.organization_id:
            now_ms += 15 * SECOND_MS

    monkeypatch.setattr(sweeping, "attempt", attempt)
    sweeping.send_due(lambda: False, lambda: now_ms)

    assert [each for each in tried if each in slow] == sorted(slow)[:2]
    assert set(quick) <= set(tried)


def test_a_sweep_begins_with_nobody_else_when_its_minute_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    now_ms = system_clock()
    for _ in range(30):
        due(Company(), 1, now_ms)
    tried: list[str] = []

    def attempt(_: str, delivery_id: str, __: int) -> None:
        nonlocal now_ms
        tried.append(delivery_id)
        now_ms += 15 * SECOND_MS

    monkeypatch.setattr(sweeping, "attempt", attempt)
    sweeping.send_due(lambda: False, lambda: now_ms)

    # Eight at a time, and those that had begun.
    assert 4 <= len(tried) < 20
