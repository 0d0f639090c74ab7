"""What limits cost a request and a batch, and how soon what is refused is refused on one machine."""

import tempfile
import time
from unittest.mock import patch

from infra.local.system import attach
from tests.performance.figures import Figure

_REQUESTS, _BATCHES = 100_000, 2_000
_REQUEST_GOAL_US, _REFUSED_GOAL_S = 5.0, 3.0


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder, attach(folder, create=True):
        return [_request(), _batch(), _refused()]


def _request() -> Figure:
    """A request that passes."""
    from optiq.collect.stops import Stops
    from optiq.ports import wiring

    stops = Stops(wiring.edge_limits())
    began = time.process_time()
    for _ in range(_REQUESTS):
        stops.require_open("org_a")
    micros = (time.process_time() - began) / _REQUESTS * 1e6
    return Figure("asking whether an organization is refused: CPU a request", micros, "µs", _REQUEST_GOAL_US)


def _batch() -> Figure:
    """A batch of 1,000 events of an organization that is far from its limit."""
    from optiq.billing.usage import watching
    from optiq.billing.usage.allowing import Allowance
    from optiq.billing.usage.deciding import decide
    from optiq.billing.usage.month import Seen

    far = {"org_a": Seen(Allowance(10**9, 10**9, 10**9, 2 * 10**9), 0, 0, (), 0, 2**60)}
    events = [(number, None) for number in range(1_000)]
    with patch.object(watching, "stripe_account", object):
        began = time.process_time()
        for _ in range(_BATCHES):
            decide("org_a", "shard-0", events, known=far)  # type: ignore[arg-type]
        micros = (time.process_time() - began) / _BATCHES * 1e6
    return Figure("deciding whether a batch is held: CPU a batch of 1,000 events", micros, "µs", None)


def _refused() -> Figure:
    """From the batch that passes the limit to the first request that is refused, where both processes run already."""
    from optiq.billing.usage import stopping
    from optiq.collect.stops import Stops
    from optiq.kernel.clock import DAY_MS, system_clock
    from optiq.kernel.errors import PlanLimitError
    from optiq.ports import wiring

    stops, now_ms = Stops(wiring.edge_limits()), system_clock()
    # The first call of a process connects to the table.
    stopping.settle("org_a", "STOPPED", now_ms + DAY_MS, now_ms)
    stops.require_open("org_b")
    began = time.perf_counter()
    stopping.settle("org_b", "STOPPED", now_ms + DAY_MS, now_ms)
    while time.perf_counter() - began < 10 * _REFUSED_GOAL_S:
        try:
            stops.require_open("org_b")
        except PlanLimitError:
            break
        time.sleep(0.01)
    return Figure(
        "from passing the limit to the first refused request", time.perf_counter() - began, "s", _REFUSED_GOAL_S
    )
