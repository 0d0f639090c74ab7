"""What postings to a ledger of credits cost: write units, CPU, and how many one organization makes in a second.

The table is the embedded one, over its loopback; on AWS a posting waits some milliseconds for the table. The yardstick
is a transaction of three items of the same size, written by PynamoDB alone.
"""

import json
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from infra.local.system import attach
from tests.performance.figures import Figure

_UNITS_GOAL = 6.0
_RATIO_GOAL = 2.0
_LOTS = 8
_WRITERS = 8


def measure(postings: int = 400) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder, attach(folder, create=True):
        from optiq.kernel.clock import system_clock
        from optiq.kernel.ids import new_id

        alone_s, alone_cpu_s = _timed(_bare_transaction, postings)
        organization_id = _ledger_of(new_id("org", system_clock()))
        spend_s, spend_cpu_s = _timed(lambda number: _spend(organization_id, number), postings)
        return [
            *_units(new_id("org", system_clock())),
            Figure(
                "CPU of a posting",
                spend_cpu_s * 1_000,
                "ms",
                ratio=f"{spend_cpu_s / alone_cpu_s:.2f} × three items in a transaction alone",
                note=f"{_LOTS} lots",
            ),
            Figure(
                "time of a posting beside the transaction alone",
                spend_s / alone_s,
                "x",
                _RATIO_GOAL,
                note=f"{1 / spend_s:.0f} postings/s by one writer, {1 / alone_s:.0f} transactions/s",
            ),
            _together(_ledger_of(new_id("org", system_clock())), postings),
            _pure(postings),
        ]


def _ledger_of(organization_id: str) -> str:
    """Gives an organization credits in several lots."""
    from optiq.billing import api as billing
    from optiq.billing.contracts import Source
    from optiq.kernel.caller import Caller
    from optiq.kernel.clock import DAY_MS, system_clock

    for number in range(_LOTS):
        expires_ms = system_clock() + (30 + number) * DAY_MS
        source = Source("bench", str(number))
        billing.grant(Caller.system(organization_id), 1_000_000, kind="BONUS", source=source, expires_ms=expires_ms)
    return organization_id


def _spend(organization_id: str, number: int) -> None:
    from optiq.billing import api as billing
    from optiq.billing.contracts import Source
    from optiq.kernel.caller import Caller

    billing.spend(Caller.system(organization_id), 7, product="image", source=Source("job", f"job_{number}"))


def _units(organization_id: str) -> list[Figure]:
    """Of each kind of posting, in a ledger of a few lots and holds."""
    from optiq.billing import api as billing
    from optiq.billing.contracts import Source
    from optiq.kernel.caller import Caller
    from optiq.kernel.clock import HOUR_MS

    from tests.performance.metering import Meter

    caller = Caller.system(_ledger_of(organization_id))
    billing.hold(caller, "open", 10, product="image", ttl_ms=HOUR_MS)
    kinds: dict[str, Callable[[], object]] = {
        "spend": lambda: _spend(organization_id, 0),
        "hold": lambda: billing.hold(caller, "a", 100, product="image", ttl_ms=2 * HOUR_MS),
        "capture": lambda: billing.capture(caller, "a", 60, source=Source("job", "a")),
        "release": lambda: billing.release(caller, "a"),
        "the same spend again": lambda: _spend(organization_id, 0),
    }
    figures = []
    for name, post in kinds.items():
        meter = Meter()
        with meter:
            post()
        note = f"{meter.read_units:.0f} read units, {meter.calls} calls"
        figures.append(Figure(f"write units: {name}", meter.write_units, "", _UNITS_GOAL, note=note))
    return figures


def _together(organization_id: str, postings: int) -> Figure:
    """Several writers to one ledger: how many postings they make together, and by captures of holds."""
    from optiq.kernel.errors import UpstreamError

    given_up = 0

    def post(number: int) -> int:
        tries = 0
        while True:
            try:
                _spend(organization_id, number)
            except UpstreamError:
                tries += 1
            else:
                return tries

    started = time.perf_counter()
    with ThreadPoolExecutor(_WRITERS) as pool:
        given_up = sum(pool.map(post, range(postings)))
    seconds = time.perf_counter() - started
    note = f"{_WRITERS} writers; {given_up} of {postings + given_up} were answered 503 and asked again"
    return Figure("postings of one organization by several writers", postings / seconds, "/s", note=note)


def _pure(postings: int) -> Figure:
    """The rules alone, without the table."""
    from optiq.billing.ledger.commands import Grant, Spend
    from optiq.billing.ledger.contracts import Head, Source
    from optiq.billing.ledger.posting import post

    head = Head()
    for number in range(_LOTS):
        head = post(head, Grant("BONUS", 1_000_000, Source("bench", str(number)), 10**13 + number), 10**12).head
    started = time.process_time()
    for number in range(postings):
        head = post(head, Spend(7, "image", Source("job", str(number))), 10**12).head
    return Figure("CPU of the rules alone", (time.process_time() - started) / postings * 1_000, "ms")


def _bare_transaction(number: int) -> None:
    from optiq.billing.credits.records import HeadRecord
    from optiq.kernel.table import Put, write_together

    state = json.dumps({"lots": ["x" * 90] * _LOTS})
    records = [
        HeadRecord("BENCH", f"{part}{number}", version=1, sequence=1, at_ms=1, seal="s" * 64, state=state)
        for part in ("HEAD", "ENTRY", "SOURCE")
    ]
    if write_together([Put(record, HeadRecord.pk.does_not_exist()) for record in records]):
        raise RuntimeError("the yardstick was not written")


def _timed(work: Callable[[int], None], times: int) -> tuple[float, float]:
    """Seconds and CPU seconds of one, after a first that is not counted."""
    work(-1)
    started, cpu = time.perf_counter(), time.process_time()
    for number in range(times):
        work(number)
    return (time.perf_counter() - started) / times, (time.process_time() - cpu) / times
