"""What an event costs its consumer by what its customer did before: a long history, many orders, many identifiers."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING
from unittest.mock import patch

from infra.local.system import attach
from tests.performance.figures import Figure

if TYPE_CHECKING:
    from optiq.kernel.events import EventAccepted
    from optiq.tenancy.contracts import Site

EVENTS = 100_000
BATCH = 50
DEVICES = (20, 80, 180)
_COMPARED = 5_000
_ALONE = 60
_MINUTE_MS = 60_000
_DAY_MS = 86_400_000
_SEQUENCE = count(1)
_AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"


@dataclass(frozen=True, slots=True)
class _Used:
    """CPU in milliseconds and capacity units, an event."""

    cpu_ms: float
    write_units: float
    read_units: float


def measure(events: int = EVENTS, compared: int = _COMPARED, alone: int = _ALONE) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder, attach(folder, create=True):
        from optiq.kernel.clock import system_clock
        from optiq.kernel.collecting import look_seldom
        from optiq.tenancy import api as tenancy

        look_seldom()  # as in the worker
        site = tenancy.create_site(name="Long", domains=["shop.example"]).site
        now_ms = system_clock()
        _take_in([_event(site, "warm", now_ms, number) for number in range(BATCH)])
        fresh = _one_by_one(lambda number: _event(site, f"fresh-{number}", now_ms, number), alone)
        figures = [Figure("a new visitor's page view in a batch of its own: CPU", fresh.cpu_ms, "ms")]
        for name, at_ms in _histories(now_ms, events).items():
            figures += _of_history(site, name, at_ms, events, compared)
            last_ms = at_ms(events)
            one = _one_by_one(
                lambda number, n=name, last=last_ms: _event(site, n, last + number, events + number), alone
            )
            figures.append(_beside(f"{name}: one more page view in a batch of its own", one, fresh))
        figures += _orders(site, now_ms, events // 10, fresh)
        figures += _identifiers(site, now_ms, events // 10, fresh)
        for devices in DEVICES:
            figures += many_devices(site, now_ms, devices, events // 200, fresh)
        figures += late_events(site, now_ms)
        return figures


def _histories(now_ms: int, events: int) -> dict[str, Callable[[int], int]]:
    """When each of a visitor's events happens: ten a visit, four visits an hour of every day; or all in one day."""
    days = 40
    gap_ms = days * _DAY_MS // max(1, events // 10)
    return {
        f"{events:,} events, ten a visit, over {days} days": lambda n: (
            now_ms - days * _DAY_MS + n // 10 * gap_ms + n % 10 * 1_000
        ),
        f"{events:,} events within a day": lambda n: (
            now_ms // _DAY_MS * _DAY_MS + n * (_DAY_MS // 2) // (events + 1_000)
        ),
    }


def _of_history(site: "Site", name: str, at_ms: Callable[[int], int], events: int, compared: int) -> list[Figure]:
    def batches(first: int, after: int) -> Iterator[list["EventAccepted"]]:
        for start in range(first, after, BATCH):
            yield [_event(site, name, at_ms(number), number) for number in range(start, min(after, start + BATCH))]

    first = _used(batches(0, compared), compared)
    for batch in batches(compared, events - compared):
        _take_in(batch)
    last = _used(batches(events - compared, events), compared)
    return [_beside(f"{name}: the last {compared:,} beside the first, {BATCH} a batch", last, first)]


def _orders(site: "Site", now_ms: int, orders: int, fresh: _Used) -> list[Figure]:
    """Ten thousand orders of one visitor, then an event that happened before them."""
    begin_ms = now_ms - 3 * _DAY_MS
    for start in range(0, orders, BATCH):
        _take_in([_event(site, "buyer", begin_ms + n * 20_000, n, order=True) for n in range(start, start + BATCH)])
    late = _one_by_one(lambda number: _event(site, "buyer", begin_ms - 1_000 - number, orders + number), 10)
    return [_beside(f"an event before {orders:,} orders of its visitor", late, fresh)]


def _identifiers(site: "Site", now_ms: int, identifiers: int, fresh: _Used) -> list[Figure]:
    """Users who share devices that share users: one component, as large as it may grow."""
    made = [(user, device) for user in range(identifiers // 100) for device in range(100)]
    for start in range(0, len(made), BATCH):
        _take_in(
            [
                _event(
                    site, f"device-{user}-{device}", now_ms, start + n, user=f"user-{user}", email=f"box-{user // 2}"
                )
                for n, (user, device) in enumerate(made[start : start + BATCH])
            ]
        )
    one = _one_by_one(lambda number: _event(site, "device-0-0", now_ms + 1, len(made) + number), 20)
    return [_beside(f"a page view among {len(made):,} identifiers that are linked", one, fresh)]


def many_devices(site: "Site", now_ms: int, devices: int, events: int, fresh: _Used) -> list[Figure]:
    """One user with many devices that have as many events each: all of today, or spread over thirty days."""
    figures: list[Figure] = []
    hour_ms = 3_600_000
    for name, gap_ms in (("of today", hour_ms // events), ("over 30 days", 30 * _DAY_MS // events)):
        who = f"{devices}-{name}"
        for start in range(0, devices * events, BATCH):
            _take_in(
                [
                    _event(site, f"{who}-{n % devices}", now_ms - hour_ms - n // devices * gap_ms, n)
                    for n in range(start, min(start + BATCH, devices * events))
                ]
            )
        for device in range(devices):
            _take_in([_event(site, f"{who}-{device}", now_ms - hour_ms, 10**6, user=who)])

        def page(number: int, who: str = who) -> "EventAccepted":
            return _event(site, f"{who}-{number % devices}", now_ms + number, 2 * 10**6 + number)

        def again(number: int, who: str = who) -> "EventAccepted":
            return _event(site, f"{who}-0", now_ms - hour_ms - 1_000 * (number + 1), 3 * 10**6 + number, user=who)

        def joins(number: int, who: str = who) -> "EventAccepted":
            return _event(site, f"{who}-new-{number}", now_ms - hour_ms - 500 * (number + 1), 0, user=who)

        for does, event in (
            ("a page view", page),
            ("a login again, each a second earlier", again),
            ("a login on a new device", joins),
        ):
            used = _one_by_one(event, 10)
            figures.append(
                _beside(f"{devices} devices of a user with {events:,} events each {name}: {does}", used, fresh)
            )
    return figures


def late_events(site: "Site", now_ms: int) -> list[Figure]:
    """A page view that comes late, before 100 orders of a visitor with 4,500 touches; and a new visitor's.

    Counts what follows in both consumers: the histories, and the credits of the conversions that they name.
    """
    days, a_day, gap_ms = 5, 900, 80_000
    midnight_ms = now_ms // _DAY_MS * _DAY_MS

    def at_ms(number: int) -> int:
        return midnight_ms - (days - number // a_day) * _DAY_MS + number % a_day * gap_ms

    events = [_event(site, "clicker", at_ms(n), n, campaign=f"campaign-{n}") for n in range(days * a_day)]
    orders = [_event(site, "clicker", at_ms(n * 45) + 1_000, 10_000 + n, order=True) for n in range(days * a_day // 45)]
    everything = sorted([*events, *orders], key=lambda event: event.occurred_ms)
    for start in range(0, len(everything), BATCH):
        _credited(everything[start : start + BATCH])
    fresh = _both([[_event(site, f"late-{n}", now_ms, n, campaign="c")] for n in range(20)])
    # Each in the pause at the end of the first day, and an hour after its last visit.
    quiet_ms = midnight_ms - (days - 1) * _DAY_MS - 2 * 3_600_000
    late = _both([[_event(site, "clicker", quiet_ms + n, 20_000 + n, campaign=f"late-{n}")] for n in range(5)])
    amid = _both([[_event(site, "clicker", at_ms(9) + 7 + n, 30_000 + n, campaign=f"amid-{n}")] for n in range(5)])
    return [
        Figure("a new visitor's page view in a batch of its own: CPU of both consumers", fresh, "ms"),
        Figure("late, before 100 orders among 4,500 touches", late, "ms", ratio=f"{late / fresh:.2f} x"),
        Figure("the same amid a day of 900 visits", amid, "ms", ratio=f"{amid / fresh:.2f} x"),
    ]


def _both(batches: Sequence[list["EventAccepted"]]) -> float:
    """CPU of both consumers in milliseconds, a batch."""
    from tests.performance.metering import Meter

    meter = Meter()
    for batch in batches:
        with meter:
            _credited(batch)
    return meter.cpu_seconds / len(batches) * 1_000


def _credited(events: Sequence["EventAccepted"]) -> None:
    """Takes events in, and credits the conversions that this names."""
    from optiq.attribution import api as attribution
    from optiq.journeys import publishing
    from optiq.journeys.contracts import ConversionRef

    named: dict[str, str] = {}
    with patch.object(publishing, "_to_stream", lambda _site, conversions: named.update(conversions)):
        _take_in(events)
    if named:
        where = (events[0].organization_id, events[0].site_id)
        attribution.credit_arrivals([ConversionRef(*where, whose, one) for one, whose in named.items()])


def _beside(name: str, used: _Used, other: _Used) -> Figure:
    note = f"write units {used.write_units:.2f}, read units {used.read_units:.2f} an event"
    return Figure(f"{name}: CPU", used.cpu_ms, "ms", ratio=f"{used.cpu_ms / other.cpu_ms:.2f} x", note=note)


def _one_by_one(event: Callable[[int], "EventAccepted"], times: int) -> _Used:
    return _used(([event(number)] for number in range(times)), times)


def _used(batches: Iterator[list["EventAccepted"]], events: int) -> _Used:
    from tests.performance.metering import Meter

    meter = Meter()
    for batch in batches:
        with meter:
            _take_in(batch)
    return _Used(meter.cpu_seconds / events * 1000, meter.write_units / events, meter.read_units / events)


def _take_in(events: Sequence["EventAccepted"]) -> None:
    from optiq.journeys import api as journeys
    from optiq.journeys.contracts import StreamMessage

    journeys.take_in([StreamMessage("shardId-0", next(_SEQUENCE), event, event.received_ms) for event in events])


def _event(
    site: "Site",
    who: str,
    at_ms: int,
    number: int,
    *,
    order: bool = False,
    user: str = "",
    email: str = "",
    campaign: str = "",
) -> "EventAccepted":
    from optiq.kernel.events import Campaign, EventAccepted, Identity

    named = [("user_id", user), ("anonymous_id", who), ("email", email)]
    return EventAccepted(
        organization_id=site.organization_id,
        site_id=site.site_id,
        event_id=f"{who}.{number}",
        own_id=True,
        receipt=f"{who}.{number}",
        digest=str(number),
        kind="TRACK" if order else "IDENTIFY" if user else "PAGE",
        name="Order Completed" if order else "page_view",
        identities=tuple(Identity(type=kind, hash=value) for kind, value in named if value),
        occurred_ms=at_ms,
        received_ms=at_ms,
        url=f"https://shop.example/products/{number % 40}",
        campaign=Campaign(source="mail", medium="email", name=campaign) if campaign else None,
        user_agent=_AGENT,
        value_micros=10_000_000 if order else None,
        order_id=f"order-{number}" if order else "",
    )
