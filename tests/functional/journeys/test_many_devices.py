"""People with several devices: what an event costs does not grow with the events of the others, in any order."""

import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from optiq.collect.contracts import Delivery, Sender
from optiq.collect.dialects import of_segment
from optiq.collect.normalise import accept
from optiq.journeys import api as journeys
from optiq.journeys.contracts import IdentityLink
from optiq.journeys.customers import customer as customers
from optiq.journeys.customers import pages, table
from optiq.journeys.customers.person import links_of
from optiq.journeys.customers.table import Customers
from optiq.journeys.history import Fact, unpack
from optiq.journeys.lake import TOUCHES
from optiq.journeys.publishing import publish
from optiq.journeys.recording import Recorded, record
from optiq.journeys.retelling import retell
from optiq.kernel.clock import DAY_MS, MINUTE_MS, SECOND_MS, system_clock, to_rfc3339
from optiq.kernel.events import EventAccepted
from optiq.kernel.lake_tables import latest_rows
from optiq.ports import wiring
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite

from tests.functional.pipeline import Pipeline
from tests.functional.senders import send_beacon
from tests.functional.state import state_of
from tests.support.examples import SHUFFLES

pytestmark = pytest.mark.usefixtures("table")

NOW = system_clock() // DAY_MS * DAY_MS
HOME = "https://shop.example/"
EMAIL = f"{HOME}?utm_source=newsletter&utm_medium=email"


@pytest.fixture
def site() -> NewSite:
    return tenancy.create_site(name="Shop", domains=["shop.example"], currency="EUR")


def _event(site: NewSite, message_id: str, ago_ms: int, **said: object) -> EventAccepted:
    sender = Sender(site.site.organization_id, site.site.site_id, trusted_clock=True)
    message = {"messageId": message_id, "timestamp": to_rfc3339(NOW - ago_ms)} | said
    return accept(
        of_segment(message, None, []),
        sender,
        Delivery("POST /v1/batch", b"", "", "", system_clock()),
        wiring.platform_secret(),
    )


def _view(site: NewSite, device: str, number: int, ago_ms: int) -> EventAccepted:
    page = {"page": {"url": EMAIL}}
    return _event(site, f"{device}-{number}", ago_ms, type="page", anonymousId=device, context=page)


def _login(site: NewSite, device: str, user: str, ago_ms: int) -> EventAccepted:
    return _event(site, f"login-{device}-{user}-{ago_ms}", ago_ms, type="identify", anonymousId=device, userId=user)


def _took_in(site: NewSite, *events: EventAccepted) -> Recorded:
    recorded = record(site.site, events)
    publish(site.site, recorded)
    return recorded


def _links(site: NewSite, event: EventAccepted) -> list[IdentityLink]:
    loaded = Customers(site.site.organization_id, site.site.site_id)
    customer_id = f"cus_{event.identities[0].hash}"
    loaded.load({customer_id: event.identities[0].type})
    return list(links_of(loaded.person_of(customer_id)))


def _moved(recorded: Recorded) -> list[bool]:
    """Whether anybody came to the persons of a batch, or left them, that is not written yet."""
    return [bool(change.moves) for change in recorded.changes]


def test_an_earlier_login_of_a_known_device_writes_no_visit_again(site: NewSite) -> None:
    # GIVEN a device with visits, and its login
    _took_in(site, *(_view(site, "phone", n, n * DAY_MS) for n in range(5)))
    first = _login(site, "phone", "ada", DAY_MS)
    assert _moved(_took_in(site, first)) == [True]

    # WHEN the same login comes with an earlier time
    earlier = _login(site, "phone", "ada", DAY_MS + SECOND_MS)
    recorded = _took_in(site, earlier)

    # THEN it is stored, and the link is known to be older; nothing else is written, nor by a replay of the first
    assert recorded.results == {earlier.receipt: "STORED"}
    assert _moved(recorded) == [False]
    assert [link.since_ms for link in _links(site, earlier)] == [earlier.occurred_ms]
    assert _moved(record(site.site, [first])) == [False]


def test_a_login_on_another_device_is_committed_once(site: NewSite, monkeypatch: pytest.MonkeyPatch) -> None:
    _took_in(site, _login(site, "phone", "ada", DAY_MS))
    commits: list[object] = []
    commit = Customers.commit

    def counted(self: Customers, *orders: Any) -> object:
        commits.append(self)
        return commit(self, *orders)

    monkeypatch.setattr(Customers, "commit", counted)
    record(site.site, [_login(site, "laptop", "ada", 0)])

    assert len(commits) == 1


def test_interrupted_login_is_written_by_its_replay(site: NewSite) -> None:
    _took_in(site, _view(site, "phone", 0, DAY_MS))
    first = _login(site, "phone", "ada", DAY_MS)
    # GIVEN a login that is stored and not written
    record(site.site, [first])

    # THEN every batch that knows the device finds what is left to write, until one wrote it
    assert _moved(record(site.site, [first])) == [True]
    assert _moved(_took_in(site, _view(site, "phone", 1, 0))) == [True]
    assert _named_in_the_lake(site) == {f"cus_{first.identities[0].hash}"}
    assert _moved(record(site.site, [first])) == [False]


def test_device_that_moves_on_before_its_move_is_written_is_taken_back_from_both(site: NewSite) -> None:
    _took_in(site, _view(site, "tablet", 0, DAY_MS), _view(site, "phone", 0, DAY_MS + MINUTE_MS))
    _took_in(site, _login(site, "phone", "ada", 0))
    # GIVEN a login that one consumer stored, and another of another user that a second consumer stored and wrote
    stored = record(site.site, [_login(site, "tablet", "ada", DAY_MS)])
    bob = _login(site, "tablet", "bob", 2 * DAY_MS)
    second = record(site.site, [bob])
    # WHEN the first writes last
    publish(site.site, second)
    publish(site.site, stored)

    # THEN each visit is its own person's
    names = {f"cus_{event.identities[0].hash}" for event in (bob, _login(site, "phone", "ada", 0))}
    assert _named_in_the_lake(site) == names
    assert _touches_by_name(site) == dict.fromkeys(names, 1)


def test_device_goes_to_its_second_user_when_the_first_is_cut_off(site: NewSite) -> None:
    ada, bob = _login(site, "tablet", "ada", DAY_MS), _login(site, "tablet", "bob", 0)
    _took_in(site, _view(site, "tablet", 0, DAY_MS), ada)
    _took_in(site, bob)
    (link,) = (link for link in _links(site, ada) if link.counts)

    journeys.cut_link(site.site.organization_id, site.site.site_id, link.customer_id, link.other_customer_id)

    assert _named_in_the_lake(site) == {f"cus_{bob.identities[0].hash}"}


def _named_in_the_lake(site: NewSite) -> set[str]:
    """The persons who have touches."""
    sql = f"SELECT customer_id FROM ({latest_rows(TOUCHES, 'site_id = ?')}) WHERE NOT deleted"
    return {name for (name,) in wiring.query().run(sql, site.site.organization_id, [site.site.site_id]).rows}


def _touches_by_name(site: NewSite) -> dict[str, int]:
    sql = f"SELECT customer_id, count(*) FROM ({latest_rows(TOUCHES, 'site_id = ?')}) WHERE NOT deleted GROUP BY 1"
    return dict(wiring.query().run(sql, site.site.organization_id, [site.site.site_id]).rows)


def test_another_user_of_a_device_writes_no_visit_of_the_first_again(site: NewSite) -> None:
    _took_in(site, *(_view(site, "tablet", n, n * DAY_MS) for n in range(5)), _login(site, "tablet", "ada", DAY_MS))

    recorded = _took_in(site, _login(site, "tablet", "bob", 0))

    assert _moved(recorded) == [False]


def test_an_earlier_login_that_takes_a_device_away_writes_both_again(site: NewSite) -> None:
    _took_in(site, _view(site, "tablet", 0, DAY_MS), _login(site, "tablet", "ada", DAY_MS))

    recorded = _took_in(site, _login(site, "tablet", "bob", 2 * DAY_MS))

    assert _moved(recorded) == [True, True]


def test_a_new_device_writes_its_own_days_and_not_those_of_the_others(site: NewSite) -> None:
    # GIVEN a user with visits on many days
    views = [_view(site, "phone", n, 3 * n * DAY_MS) for n in range(9)]
    _took_in(site, *views, _login(site, "phone", "ada", DAY_MS))
    # WHEN a device with a visit on one of these logs in
    _took_in(site, _view(site, "laptop", 0, 6 * DAY_MS + MINUTE_MS))
    recorded = record(site.site, [_login(site, "laptop", "ada", 0)])

    (change,) = recorded.changes
    retold = retell(site.site, change, recorded.customers)

    # THEN the visits around that one are written, and those around the login
    days = {row["started_at"] // DAY_MS for row in retold.sessions}
    assert days == {NOW // DAY_MS - ago for ago in (0, 6, 7)}
    assert len(retold.touches) < len(views)


def test_facts_of_other_devices_are_not_read_on_a_crowded_day(site: NewSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optiq.journeys.visits.MAX_DAY_FACTS", 80)
    devices, views = 4, 60
    for device in range(devices):
        _took_in(site, *(_view(site, f"d{device}", n, -n * SECOND_MS) for n in range(views)))
        _took_in(site, _login(site, f"d{device}", "ada", 0))
    read: list[Fact] = []

    def counting(packed: bytes) -> list[Fact]:
        facts = unpack(packed)
        read.extend(facts)
        return facts

    monkeypatch.setattr(customers, "unpack", counting)
    monkeypatch.setattr(pages, "unpack_page", lambda packed: tuple(counting(packed)))

    recorded = _took_in(site, _view(site, "d0", views, -MINUTE_MS))

    # THEN the event is stored, and only what its own device did was looked at
    assert set(recorded.results.values()) == {"STORED"}
    assert len(recorded.changes[0].person.customers) == devices + 1
    assert len(read) <= views + devices


Send = Callable[[NewSite], dict[str, Any]]


def _page(device: str, number: int, ago_ms: int, **said: object) -> Send:
    event = {"event_id": f"{device}.{number}", "timestamp": to_rfc3339(NOW - ago_ms), "anonymous_id": device}
    return lambda site: send_beacon(site, event | {"url": HOME} | said)


def _sends() -> list[Send]:
    """A user's three devices: a day with too many events only together, one without, one crowded by one of them."""
    sends: list[Send] = []
    for place, device in enumerate(("phone", "laptop", "tablet")):
        for n in range(4):
            url = EMAIL if n % 2 else HOME
            sends.append(_page(device, n, 3 * DAY_MS - (n * 3 + place) * 40 * MINUTE_MS, url=url))
        sends.append(_page(device, 20, 6 * DAY_MS - place * MINUTE_MS, url=EMAIL))
        sends.append(_page(device, 30, DAY_MS - place, kind="identify", user_id="ada"))
        sends.append(_page(device, 31, 2 * DAY_MS - place, kind="identify", user_id="ada"))
    sends += [_page("phone", 40 + n, 8 * DAY_MS - n * 40 * MINUTE_MS, url=EMAIL) for n in range(9)]
    bought = {"kind": "track", "name": "purchase", "url": f"{HOME}thanks"}
    for n, ago_ms in enumerate((5 * DAY_MS, 3 * DAY_MS - MINUTE_MS, 4 * MINUTE_MS)):
        sends.append(_page("laptop", 50 + n, ago_ms, properties={"transaction_id": f"A-{n}", "value": "9"}, **bought))
    return sends


def _result(sends: Sequence[Send], chance: random.Random) -> dict[str, Any]:
    site = tenancy.create_site(name="Shop", domains=["shop.example"], currency="EUR")
    pipeline = Pipeline()
    for send in sends:
        assert send(site)["statusCode"] in (200, 202)
        if chance.random() < 0.5:
            pipeline.drain(size=chance.randint(1, 4))
    pipeline.drain()
    state = state_of(site, NOW)
    state["touches"] = [touch for touch in state["touches"] if not touch[-1]]
    return state


@pytest.mark.any_order
@pytest.mark.parametrize("seal_at", [table.SEAL_AT_BYTES, 200], ids=["one item", "sealed pages"])
def test_a_person_over_the_limit_comes_out_alike_in_any_order(monkeypatch: pytest.MonkeyPatch, seal_at: int) -> None:
    monkeypatch.setattr(table, "SEAL_AT_BYTES", seal_at)
    monkeypatch.setattr("optiq.journeys.visits.MAX_DAY_FACTS", 8)
    chance = random.Random(31)
    sends = _sends()

    expected = _result(sends, chance)

    # THEN every event is stored and every order counts; only the visits of the two crowded days are missing
    assert expected["counts"][1] == len(sends)
    assert [value for _, value in expected["conversions"]] == [9_000_000] * 3
    days = {touch[0][:10] for touch in expected["touches"]}
    assert to_rfc3339(NOW - 6 * DAY_MS)[:10] in days
    assert not days & {to_rfc3339(NOW - ago * DAY_MS)[:10] for ago in (3, 8)}
    for _ in range(SHUFFLES):
        chance.shuffle(sends)
        assert _result(sends, chance) == expected
