"""List prices of us-east-1, and how usage becomes dollars. The assumptions behind a figure all stand here.

Left out: logs, alarms, the stream's hourly charge (0.04 $ an hour, 29 $ a month, whatever the load), storage,
queries and data transfer.
"""

from dataclasses import dataclass

from optiq.kernel.manifest import contexts

HTTP_API_PER_M = 1.00
LAMBDA_REQUEST_PER_M = 0.20
LAMBDA_GB_SECOND = 13.33e-6
STREAM_IN_PER_GB, STREAM_OUT_PER_GB, STREAM_CONSUMERS = 0.08, 0.04, 2
WRITE_PER_M, READ_PER_M = 0.625, 0.125
S3_PUT_PER_M = 5.00

COLLECT_MB, CONSUMER_MB = 512, 1024
MB_OF_A_CPU = 1_769
"""Memory at which a function has one whole CPU; with less, the same work takes as much longer."""
STREAM_CALL_MS, TABLE_CALL_MS, S3_PUT_MS = 10.0, 5.0, 30.0
"""Waits for a service's answer, which a function is billed for too: assumed, usual within a region."""

SCHEDULED_SECONDS = 0.5
"""What starts by the clock takes, where there is little to do: assumed."""

BATCHED_GOAL, SINGLE_GOAL = 0.50, 2.50
PEERS = {
    "serverless-website-analytics, cheapest": 12.9,
    "Snowplow": 0.76,
    "AWS Clickstream, ingestion alone at 10 requests a second": 0.33,
}


@dataclass(frozen=True, slots=True)
class Usage:
    """What one event uses; the CPU of collection is for one request.

    Attributes:
        stream_bytes: on the stream, the share of conversions' messages included.
        stream_kb: the same with each record rounded up to whole KB, as Kinesis bills.
        table_calls: of the consumers, one after the other.
        files: put into the lake.
        invocations: of consumers.
    """

    events_a_request: int
    collect_cpu_ms: float
    consume_cpu_ms: float
    write_units: float
    read_units: float
    table_calls: float
    stream_bytes: float
    stream_kb: float
    files: float
    invocations: float


def dollars(usage: Usage) -> float:
    """All of `parts`, for a million events."""
    return sum(parts(usage).values())


def parts(usage: Usage) -> dict[str, float]:
    """Dollars for a million events, by service."""
    collecting_ms = _billed_ms(usage.collect_cpu_ms, COLLECT_MB) + STREAM_CALL_MS
    waiting_ms = usage.table_calls * TABLE_CALL_MS + usage.files * S3_PUT_MS
    consuming_ms = _billed_ms(usage.consume_cpu_ms, CONSUMER_MB) + waiting_ms
    gigabytes = usage.stream_kb * 1e6 / 1024**2
    return {
        "HTTP API": HTTP_API_PER_M / usage.events_a_request,
        "Lambda requests": LAMBDA_REQUEST_PER_M * (1 / usage.events_a_request + usage.invocations),
        "Lambda collecting": _lambda_dollars(collecting_ms, COLLECT_MB) / usage.events_a_request,
        "Lambda consuming": _lambda_dollars(consuming_ms, CONSUMER_MB),
        "stream": gigabytes * (STREAM_IN_PER_GB + STREAM_CONSUMERS * STREAM_OUT_PER_GB),
        "table writes": usage.write_units * WRITE_PER_M,
        "table reads": usage.read_units * READ_PER_M,
        "lake": usage.files * S3_PUT_PER_M,
    }


def schedules_dollars() -> float:
    """Dollars a month for functions that the clock starts, each for SCHEDULED_SECONDS a time."""
    total = 0.0
    for function in (one for context in contexts() for one in context.functions if one.schedule):
        times = 30 * 86_400_000 / function.schedule.every_ms
        seconds = times * SCHEDULED_SECONDS * function.memory_mb / 1024
        total += seconds * LAMBDA_GB_SECOND + times * LAMBDA_REQUEST_PER_M / 1e6
    return total


def _billed_ms(cpu_ms: float, memory_mb: int) -> float:
    return cpu_ms * max(1.0, MB_OF_A_CPU / memory_mb)


def _lambda_dollars(milliseconds: float, memory_mb: int) -> float:
    """For a million invocations, or a million shares of one."""
    return milliseconds / 1000 * memory_mb / 1024 * LAMBDA_GB_SECOND * 1e6
