"""What a million events cost on AWS: units, bytes, calls and CPU measured here, times list prices.

The consumers run in this process on the embedded table, each item in a call of its own as on AWS. The table's
answers carry ConsumedCapacity, counted as DynamoDB bills (a write unit for each KB begun, again for the index).
"""

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from infra.local.system import attach
from tests.performance.figures import Figure
from tests.performance.prices import BATCHED_GOAL, PEERS, SINGLE_GOAL, Usage, dollars, parts

LOADS = (20, 100)
"""Events a second that the batched way is priced at: fewer mean more files and invocations for each event."""
SINGLE_LOAD = 40
"""Events a second of the single way: as many as there are visitors in a window, since nobody sends two in one."""
WINDOW_SECONDS = 30
"""How long the consumers' event source mappings gather events (infra/aws/consumers.py), over four shards."""
_CALLS = 200


@dataclass(frozen=True, slots=True)
class Scenario:
    """A way of sending, `requests` in the order they arrive; each holds one visitor's events."""

    name: str
    requests: Sequence[Callable[[], object]]
    events_a_request: int
    events_a_second: float
    goal: float | None


def measure(sessions: int = SINGLE_LOAD * WINDOW_SECONDS) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder, attach(folder, create=True):
        from tests.performance.metering import one_call_each

        with one_call_each():
            call_ms = _call_cpu_ms()
            figures = [Figure("a table or stream call through botocore: CPU", call_ms, "ms")]
            for scenario in _scenarios(sessions):
                usage = _usage(scenario, call_ms)
                figures += _figures(scenario, usage)
    return figures + [Figure(f"known: {name}", value, "$/M events", note="published") for name, value in PEERS.items()]


def _scenarios(sessions: int) -> list[Scenario]:
    from functools import partial

    from optiq.kernel.clock import system_clock
    from optiq.tenancy import api as tenancy

    from tests.functional.senders import post_beacon, post_segment
    from tests.performance.messages import batch_body, beacon_body
    from tests.performance.messages import sessions as made

    now_ms = system_clock()
    sites = [tenancy.create_site(name="Shop", domains=["shop.example"]) for _ in range(2 + len(LOADS))]
    visits = made(sessions, now_ms)
    # Visitors' events come interleaved when each is sent alone: one of every visitor, then the next of every one.
    alone = [message for turn in zip(*visits, strict=True) for message in turn]
    foreign = [[m | {"messageId": f"{m['messageId']}".replace(".", "-")} for m in visit] for visit in visits]
    batched = [
        Scenario(
            f"batched, {load} events a second: a session in one beacon",
            [partial(post_beacon, beacon_body(site.public_key, visit, now_ms)) for visit in visits],
            len(visits[0]),
            load,
            BATCHED_GOAL,
        )
        for load, site in zip(LOADS, sites, strict=False)
    ]
    return [
        *batched,
        Scenario(
            f"single, {SINGLE_LOAD} events a second: an event a beacon",
            [partial(post_beacon, beacon_body(sites[-2].public_key, [message], now_ms)) for message in alone],
            1,
            SINGLE_LOAD,
            SINGLE_GOAL,
        ),
        Scenario(
            f"servers, {LOADS[-1]} events a second: ten a /v1/batch, ids of their own",
            [partial(post_segment, sites[-1].write_key, "batch", batch_body(visit)) for visit in foreign],
            len(visits[0]),
            LOADS[-1],
            None,
        ),
    ]


def usage_of(scenario: Scenario) -> Usage:
    """What an event of a way of sending uses, each item in a call of its own. The environment must be a system's."""
    from tests.performance.metering import one_call_each

    with one_call_each():
        return _usage(scenario, _call_cpu_ms())


def _usage(scenario: Scenario, call_ms: float) -> Usage:
    """Sends everything and runs both consumers over it, a batch at a time."""
    from tests.functional.pipeline import Pipeline
    from tests.performance.metering import Meter

    pipeline = Pipeline()
    collected, consumed = Meter(), Meter()
    events = stream_bytes = billed_kb = 0
    batch = max(1, int(scenario.events_a_second * WINDOW_SECONDS) // scenario.events_a_request)
    for start in range(0, len(scenario.requests), batch):
        sent = scenario.requests[start : start + batch]
        with collected:
            for request in sent:
                request()
        events += len(sent) * scenario.events_a_request
        with consumed:
            delivered = consumed.deliver(pipeline)
        stream_bytes += delivered.size_bytes
        billed_kb += delivered.billed_kb
    requests = len(scenario.requests)
    return Usage(
        events_a_request=scenario.events_a_request,
        # The embedded stream is a file; on AWS a request makes one call more.
        collect_cpu_ms=collected.cpu_seconds * 1000 / requests + call_ms,
        consume_cpu_ms=(consumed.cpu_seconds * 1000 + consumed.files * call_ms) / events,
        write_units=(collected.write_units + consumed.write_units) / events,
        read_units=(collected.read_units + consumed.read_units) / events,
        table_calls=consumed.calls / events,
        stream_bytes=stream_bytes / events,
        stream_kb=billed_kb / events,
        files=consumed.files / events,
        invocations=consumed.invocations / events,
    )


def _figures(scenario: Scenario, usage: Usage) -> list[Figure]:
    split = ", ".join(f"{name} {value:.3f}" for name, value in parts(usage).items())
    events = 1 / usage.invocations
    measured = (
        f"B {usage.events_a_request}, w {usage.write_units:.2f}, read units {usage.read_units:.2f}, "
        f"{usage.stream_bytes:.0f} bytes on the stream, billed as {usage.stream_kb:.2f} KB, "
        f"CPU {usage.collect_cpu_ms / usage.events_a_request:.2f} ms collecting, {usage.consume_cpu_ms:.2f} consuming; "
        f"{events:.0f} events an invocation of a consumer, with {usage.files * events:.1f} files and "
        f"{usage.table_calls * events:.0f} table calls"
    )
    return [
        Figure(scenario.name, dollars(usage), "$/M events", scenario.goal, note=split),
        Figure(f"{scenario.name}: write units an event", usage.write_units, "", note=measured),
    ]


def _call_cpu_ms() -> float:
    """CPU of one call through PynamoDB and botocore, beyond its wait: what a call to any service costs a function."""
    from optiq.identity.contracts import Credential
    from optiq.kernel.records import record_of

    def ask() -> None:
        list(record_of(Credential).batch_get([("nobody", "nothing")]))

    ask()
    before = time.process_time()
    for _ in range(_CALLS):
        ask()
    return (time.process_time() - before) / _CALLS * 1000
