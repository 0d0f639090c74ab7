"""Events between contexts: published with their change, handed on at least once, handled once."""

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import pytest
from optiq.audit import api as audit
from optiq.audit.contracts import Change
from optiq.events import api as events
from optiq.events import keys
from optiq.events.contracts import Event
from optiq.kernel.clock import DAY_MS, MINUTE_MS, Clock, system_clock
from optiq.kernel.errors import ConflictError, UpstreamError
from optiq.kernel.settings import settings
from optiq.kernel.table import Put
from optiq.kernel.table_ending import remove_ended
from optiq.mail import keys as mail_keys
from optiq.mail.contracts import MailContent, MailRequested
from optiq.mail.records import LatestMailRecord
from optiq.ports import wiring
from optiq.store.transactions import Transaction
from types_boto3_dynamodb import DynamoDBClient

from functions.events import relay, sweep
from tests.functional.subscribers import hand_on_events, handed_on

pytestmark = pytest.mark.usefixtures("table")
FACT = MailRequested("mail_1", "ann@shop.example", MailContent("NO_ACCOUNT", "s", ("p",), "a"), "", 1)


class _Killed(BaseException):
    """The process ends here."""


def _event(organization_id: str, number: int = 0) -> Event:
    return events.event_of("tenancy", organization_id, replace(FACT, mail_id=f"mail_{number}"), system_clock())


def _change(organization_id: str) -> Change:
    return Change(organization_id, "user_1", "invitation.sent", "invitation_1")


def _note(organization_id: str, name: str, condition: bool = True) -> Put:
    record = LatestMailRecord(*mail_keys.latest_mail(organization_id, name), mail_id=name)
    return Put(record, LatestMailRecord.pk.does_not_exist() if condition else LatestMailRecord.pk.exists())


def _of(organization_id: str) -> list[str]:
    """The mails of the organization's events on the bus, in their order."""
    hand_on_events()
    found = [event["detail"] for event in handed_on("MailRequested")]
    return [detail["data"]["mail_id"] for detail in found if detail["organization_id"] == organization_id]


def _delivered(event: Event) -> dict[str, Any]:
    return {"id": "b1", "detail-type": event.name, "source": f"optiq.{event.publisher}", "detail": asdict(event)}


def test_an_event_its_change_and_its_entry_are_written_together_or_not_at_all(organization_id: str) -> None:
    def commit(note: Put, number: int) -> bool:
        return audit.commit([note], [_change(organization_id)], events=[_event(organization_id, number)])

    assert commit(_note(organization_id, "a"), 1)
    assert not commit(_note(organization_id, "a"), 2)
    assert not events.publish([_note(organization_id, "b", condition=False)], [_event(organization_id, 3)])
    assert events.publish([_note(organization_id, "b")], [_event(organization_id, 4)])

    assert _of(organization_id) == ["mail_1", "mail_4"]
    assert len(audit.entries(organization_id).items) == 1


def test_a_transaction_of_the_store_publishes_events_with_its_writes(organization_id: str) -> None:
    def transaction(note: Put, number: int) -> Transaction:
        return Transaction((note,), (_change(organization_id),)) + Transaction(
            events=(_event(organization_id, number),)
        )

    transaction(_note(organization_id, "a"), 1).commit()
    with pytest.raises(ConflictError):
        transaction(_note(organization_id, "a"), 2).commit()

    assert _of(organization_id) == ["mail_1"]


def test_a_subscriber_gets_the_envelope_of_eventbridge(organization_id: str) -> None:
    event = _event(organization_id)
    events.publish([], [event])
    hand_on_events()

    (delivered,) = (one for one in handed_on("MailRequested") if one["detail"]["organization_id"] == organization_id)
    assert delivered["detail-type"] == "MailRequested"
    assert delivered["source"] == "optiq.tenancy"
    assert set(delivered) == {
        *("version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail")
    }
    assert events.event_in(delivered) == event


def test_a_context_publishes_only_what_its_manifest_names(organization_id: str) -> None:
    with pytest.raises(ValueError, match="manifest of links does not have MailRequested"):
        events.event_of("links", organization_id, FACT, 0)


def test_an_event_that_no_bus_would_take_is_refused(organization_id: str) -> None:
    with pytest.raises(ValueError, match="too large"):
        events.event_of("tenancy", organization_id, replace(FACT, to="x" * 200_000), 0)


def test_events_of_an_organization_keep_their_order(organization_id: str) -> None:
    # More than are put at once.
    for number in range(25):
        events.publish([], [events.event_of("tenancy", organization_id, replace(FACT, mail_id=str(number)), number)])

    assert _of(organization_id) == [str(number) for number in range(25)]


def test_a_relay_killed_after_the_bus_took_an_event_hands_it_on_again(
    organization_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_on_events()
    events.publish([], [_event(organization_id)])
    bus = wiring.bus()

    class Bus:
        def put(self, together: Any) -> None:
            bus.put(together)
            raise _Killed

    with monkeypatch.context() as patch:
        patch.setattr(wiring, "bus", Bus)
        with pytest.raises(_Killed):
            hand_on_events()

    assert _of(organization_id) == ["mail_0", "mail_0"]
    assert _of(organization_id) == ["mail_0", "mail_0"]


def test_what_the_bus_does_not_take_waits(organization_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hand_on_events()
    events.publish([], [_event(organization_id)])

    class Down:
        def put(self, _: Any) -> None:
            raise UpstreamError("the bus is down", retryable=True)

    with monkeypatch.context() as patch:
        patch.setattr(wiring, "bus", Down)
        with pytest.raises(UpstreamError):
            hand_on_events()

    assert _of(organization_id) == ["mail_0"]


def test_the_text_of_an_event_goes_once_it_is_handed_on_and_the_item_a_day_later(
    organization_id: str, table: DynamoDBClient
) -> None:
    event = _event(organization_id)
    events.publish([], [event])
    assert "event" in _item(table, event)
    remove_ended(system_clock() + 400 * DAY_MS)
    assert "event" in _item(table, event), "what waits never ends"

    events.hand_on([event])

    assert set(_item(table, event)) == {"pk", "sk", "forget_at"}
    remove_ended(system_clock() + 2 * DAY_MS)
    assert _item(table, event) == {}


def test_the_relay_hands_on_what_the_tables_stream_reports(organization_id: str, table: DynamoDBClient) -> None:
    hand_on_events()
    event = _event(organization_id)
    events.publish([], [event])
    image = _item(table, event)
    records = [{"eventName": "INSERT", "dynamodb": {"Keys": {}, "NewImage": image}}]

    relay.handler({"Records": records}, None)

    assert _of(organization_id) == ["mail_0"]
    assert "event" not in _item(table, event)


def test_the_sweep_hands_on_what_waits_for_long(organization_id: str) -> None:
    hand_on_events()
    old = events.event_of("tenancy", organization_id, FACT, system_clock() - 20 * MINUTE_MS)
    events.publish([], [old, _event(organization_id, 7)])

    assert sweep.handler({}, None) == {"handed_on": 1}


def _item(table: DynamoDBClient, event: Event) -> dict[str, Any]:
    key = keys.outbox_item(event.organization_id, event.event_id)
    found = table.get_item(
        TableName=settings().table, Key={"pk": {"S": key.pk}, "sk": {"S": key.sk}}, ConsistentRead=True
    )
    item: dict[str, Any] = found.get("Item", {})
    return item


class _Counter:
    """A subscriber that counts deliveries in the table, by adding an item for each."""

    def __init__(self, organization_id: str) -> None:
        self.organization_id = organization_id
        self.before_write: Callable[[], None] = lambda: None
        self.runs = 0

    def __call__(self, event: Event, mail: MailRequested, now_ms: int) -> list[Put]:
        self.runs += 1
        self.before_write()
        return [Put(LatestMailRecord(*mail_keys.latest_mail(self.organization_id, f"n{self.runs}"), mail_id="x"), None)]

    @property
    def changes(self) -> int:
        start = mail_keys.latest_mail(self.organization_id, "n")
        return len(list(LatestMailRecord.query(start.pk, LatestMailRecord.sk.startswith(start.sk))))

    def get(self, event: Event, clock: Clock = system_clock, subscriber: str = "tests.counter") -> None:
        events.handle(_delivered(event), subscriber, MailRequested, self, clock)


@pytest.fixture
def counter(organization_id: str) -> _Counter:
    return _Counter(organization_id)


def test_an_event_delivered_twice_changes_something_once(counter: _Counter) -> None:
    event = _event(counter.organization_id)
    for _ in range(3):
        counter.get(event)

    assert (counter.runs, counter.changes) == (1, 1)


def test_each_subscriber_handles_an_event(counter: _Counter) -> None:
    event = _event(counter.organization_id)
    counter.get(event)
    counter.get(event, subscriber="tests.other")

    assert counter.changes == 2


def test_events_delivered_out_of_order_are_each_handled_once(counter: _Counter) -> None:
    first, second = _event(counter.organization_id, 1), _event(counter.organization_id, 2)
    for event in (second, first, second, first):
        counter.get(event)

    assert counter.changes == 2


@pytest.mark.parametrize("by", [_Killed, UpstreamError])
def test_a_subscriber_killed_before_its_writes_changes_something_once(
    counter: _Counter, by: type[BaseException]
) -> None:
    event = _event(counter.organization_id)

    def end() -> None:
        raise by("here") if by is _Killed else UpstreamError("down", retryable=True)

    counter.before_write = end
    with pytest.raises(by):
        counter.get(event)
    assert counter.changes == 0

    counter.before_write = lambda: None
    counter.get(event, lambda: system_clock() + events.LEASE_MS + 1)
    counter.get(event, lambda: system_clock() + 2 * events.LEASE_MS)
    assert counter.changes == 1


def test_a_delivery_is_put_off_while_another_is_handled(counter: _Counter) -> None:
    event = _event(counter.organization_id)

    def meanwhile() -> None:
        counter.before_write = lambda: None
        with pytest.raises(UpstreamError) as raised:
            counter.get(event)
        assert raised.value.retryable

    counter.before_write = meanwhile
    counter.get(event)

    assert (counter.runs, counter.changes) == (1, 1)


def test_a_subscriber_that_lost_its_claim_changes_nothing(counter: _Counter) -> None:
    """It took longer than a claim lasts, and another delivery did the work meanwhile."""
    event = _event(counter.organization_id)

    def meanwhile() -> None:
        counter.before_write = lambda: None
        counter.get(event, lambda: system_clock() + events.LEASE_MS + 1)

    counter.before_write = meanwhile
    with pytest.raises(UpstreamError):
        counter.get(event)
    counter.get(event)

    assert (counter.runs, counter.changes) == (2, 1)
