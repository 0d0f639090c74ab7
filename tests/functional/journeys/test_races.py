"""Consumers that work on the same person at the same time, and people nobody should be."""

import pytest
from optiq.collect.contracts import Delivery, Sender
from optiq.collect.dialects import of_segment
from optiq.collect.normalise import accept
from optiq.journeys import links
from optiq.journeys.customers.table import Customers
from optiq.journeys.days import day_of_slot
from optiq.journeys.history import Fact
from optiq.journeys.orders.table import Orders
from optiq.journeys.publishing import publish
from optiq.journeys.recording import record
from optiq.kernel.clock import DAY_MS, HOUR_MS, system_clock, to_rfc3339
from optiq.kernel.events import EventAccepted
from optiq.ports import wiring
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture
def site() -> NewSite:
    return tenancy.create_site(name="Shop", domains=["shop.example"])


def _event(site: NewSite, **said: object) -> EventAccepted:
    now = system_clock()
    sender = Sender(site.site.organization_id, site.site.site_id, trusted_clock=True)
    delivery = Delivery("POST /v1/batch", b"", "", "", now)
    said.setdefault("timestamp", to_rfc3339(now))
    return accept(of_segment(said, None, []), sender, delivery, wiring.platform_secret())


def _login(site: NewSite, device: str, user: str, **more: object) -> EventAccepted:
    return _event(site, type="identify", messageId=f"{device}.{user}", anonymousId=device, userId=user, **more)


def _order(site: NewSite, device: str) -> EventAccepted:
    said = {"type": "track", "event": "Order Completed", "messageId": f"{device}.order", "anonymousId": device}
    return _event(site, **said, properties={"revenue": 10})


def _person(site: NewSite, event: EventAccepted) -> list[str]:
    """The ids of all events of the person an event's strongest identifier names, as often as they are stored."""
    customers = Customers(site.site.organization_id, site.site.site_id)
    customer_id = f"cus_{event.identities[0].hash}"
    customers.load({customer_id: event.identities[0].type})
    return sorted(fact.event_id for fact in _every_fact(customers, customer_id))


def _every_fact(customers: Customers, customer_id: str) -> list[Fact]:
    person = customers.person_of(customer_id)
    days = [day_of_slot(slot) for slot in person.counts()]
    return customers.facts_between(person, min(days), max(days))


def test_losing_a_race_stores_nothing_twice(site: NewSite, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = [_order(site, "phone"), _login(site, "phone", "ada")]
    theirs = [_order(site, "laptop"), _login(site, "laptop", "ada")]
    commit = Customers.commit

    def after_somebody_else(self: Customers, orders: Orders | None = None) -> object:
        # Given another consumer that commits to the same user between our reading and our writing
        monkeypatch.setattr(Customers, "commit", commit)
        record(site.site, theirs)
        return commit(self, orders)

    monkeypatch.setattr(Customers, "commit", after_somebody_else)

    recorded = record(site.site, mine)
    publish(site.site, recorded)

    assert set(recorded.results.values()) == {"STORED"}
    said = ["laptop.ada", "laptop.order", "phone.ada", "phone.order"]
    assert _person(site, mine[1]) == [f"server:{event_id}" for event_id in said]
    # And whoever told last, told of both.
    assert len(recorded.changes[0].person.customers) == 3


def test_one_id_claimed_twice_at_once_is_one_event(site: NewSite, monkeypatch: pytest.MonkeyPatch) -> None:
    mine, theirs = (_event(site, type="track", event="E", messageId="m", anonymousId=who) for who in ("a", "b"))
    from optiq.journeys import claims

    put_each = claims.put_each

    def after_somebody_else(puts: object) -> object:
        monkeypatch.setattr(claims, "put_each", put_each)
        assert record(site.site, [theirs]).results == {theirs.receipt: "STORED"}
        return put_each(puts)  # type: ignore[arg-type]

    monkeypatch.setattr(claims, "put_each", after_somebody_else)

    assert record(site.site, [mine]).results == {mine.receipt: "CONFLICT"}


def test_a_user_on_thousands_of_devices_keeps_the_earliest_links(site: NewSite) -> None:
    for batch in range(5):
        events = [_login(site, f"device-{batch}-{n}", "everybody") for n in range(300)]
        recorded = record(site.site, events)

    customers = Customers(site.site.organization_id, site.site.site_id)
    customer_id = f"cus_{events[0].identities[0].hash}"
    customers.load({customer_id: "user_id"})

    assert set(recorded.results.values()) == {"STORED"}
    assert len(customers.get(customer_id).links) == links.MAX_LINKS
    assert len(customers.person_of(customer_id).customers) == links.MAX_LINKS + 1


def test_older_links_that_push_out_newer_ones_keep_revisions_small(site: NewSite) -> None:
    # Given a user whose logins arrive newest first, on more devices than count
    now = system_clock()
    for batch in range(6):
        times = [to_rfc3339(now - (batch * 60 + n) * 1000) for n in range(60)]
        events = [_login(site, f"d{batch}-{n}", "pos", timestamp=time) for n, time in enumerate(times)]
        publish(site.site, record(site.site, events))

    customers = Customers(site.site.organization_id, site.site.site_id)
    customer_id = f"cus_{events[0].identities[0].hash}"
    customers.load({customer_id: "user_id"})

    person = customers.person_of(customer_id)
    assert len(person.customers) == links.MAX_LINKS + 1
    assert 0 <= person.revision - now < DAY_MS


def test_a_consumer_whose_clock_is_behind_tells_the_later_revision(
    site: NewSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given one person with two devices, and another consumer, an hour ahead of us, that changed one of them
    record(site.site, [_login(site, "phone", "ada"), _login(site, "laptop", "ada")])
    with monkeypatch.context() as ahead:
        ahead.setattr("optiq.journeys.customers.table.system_clock", lambda: system_clock() + HOUR_MS)
        (theirs,) = record(site.site, [_order(site, "laptop")]).changes

    # When we change the other
    (mine,) = record(site.site, [_order(site, "phone")]).changes

    # Then what we tell of both is later than what it told without ours.
    assert len(mine.person.customers) == 3
    assert mine.person.revision > theirs.person.revision
