"""What counting usage adds to the consumer that takes events in: a share of its CPU, and writes."""

import tempfile
import time
from collections.abc import Sequence
from itertools import count
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from infra.local.system import attach
from tests.performance.figures import Figure

if TYPE_CHECKING:
    from optiq.journeys.contracts import StreamMessage
    from optiq.tenancy.contracts import Site

SIZES = (10, 100, 1_000)
_SHARE_GOAL, _UNITS_GOAL = 2.0, 1.0
_EVENTS = 3_000
_NUMBERS = count(1)


def measure(events: int = _EVENTS) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder, attach(folder, create=True):
        from optiq.tenancy import api as tenancy

        site = tenancy.create_site(name="Counted", domains=["shop.example"]).site
        return [figure for size in SIZES for figure in _of_batches(site, size, max(events // size, 2))]


def _of_batches(site: "Site", size: int, batches: int) -> list[Figure]:
    from optiq.billing.usage import api as usage
    from optiq.journeys import api as journeys

    from tests.performance.metering import Meter

    spent, whole, units = 0.0, 0.0, Meter()
    count_usage = usage.count

    def timed(*args: Any) -> None:
        nonlocal spent
        began = time.process_time()
        count_usage(*args)
        spent += time.process_time() - began

    def metered(*args: Any) -> None:
        with units:
            count_usage(*args)

    with patch.object(usage, "count", metered):
        for _ in range(batches):
            journeys.take_in(_batch(site, size))
    with patch.object(usage, "count", timed):
        for batch in [_batch(site, size) for _ in range(batches)]:
            began = time.process_time()
            journeys.take_in(batch)
            whole += time.process_time() - began
    # What a batch costs, whoever counts, is most of a small one: only whole batches have a goal.
    goal = _SHARE_GOAL if size == SIZES[-1] else None
    note = f"{spent / batches * 1_000:.2f} of {whole / batches * 1_000:.1f} ms a batch"
    return [
        Figure(f"counting usage in batches of {size}: share of CPU", spent / whole * 100, "%", goal, note=note),
        Figure("write units a batch and organization", units.write_units / batches, "", _UNITS_GOAL),
    ]


def _batch(site: "Site", size: int) -> "Sequence[StreamMessage]":
    from optiq.journeys.contracts import StreamMessage
    from optiq.kernel.clock import system_clock
    from optiq.kernel.events import EventAccepted, Identity

    now_ms = system_clock()
    found = []
    for number in (next(_NUMBERS) for _ in range(size)):
        name = f"{number}.1"
        event = EventAccepted(
            organization_id=site.organization_id,
            site_id=site.site_id,
            event_id=name,
            own_id=True,
            receipt=name,
            digest=name,
            kind="PAGE",
            name="page_view",
            identities=(Identity(type="anonymous_id", hash=f"v{number // 4}"),),
            occurred_ms=now_ms + number,
            received_ms=now_ms,
            url=f"https://shop.example/products/{number % 40}",
            user_agent="Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0.0.0",
        )
        found.append(StreamMessage("shardId-0", number, event, now_ms))
    return found
