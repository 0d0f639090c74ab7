"""The worker process: what happens behind the gateway. Started and watched by the supervisor (system.py)."""

import logging
import os
import signal
import threading
from collections.abc import Callable
from functools import partial

from optiq.kernel.settings import settings

from infra.local.batch_processes import BatchProcesses
from infra.local.forgetting import Forgetting
from infra.local.joining import begin, join
from infra.local.lake_upkeep import keep_funnels_stored, keep_lake_compact, keep_rollups_recent, keep_steps_recent
from infra.local.mappings import MAPPINGS, SUBSCRIBERS
from infra.local.measuring import hand_on_measures
from infra.local.pump import Pump
from infra.local.relay import relay_events
from infra.local.scheduler import Scheduler, by_rhythm
from infra.local.workflow_runner import WorkflowRunner


def main() -> None:
    begin()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    threading.Thread(target=_stop_with_parent, args=(stop,), daemon=True).start()
    join(os.environ)
    path = settings().stream
    batches = BatchProcesses(MAPPINGS)
    pumps = (Pump(path, MAPPINGS, apart=batches.invoke), Pump(settings().bus, SUBSCRIBERS, switches=False))
    for pump in pumps:
        pump.start()
    tasks: tuple[Callable[[threading.Event], object], ...] = (
        relay_events,
        WorkflowRunner(path).run,
        *(Scheduler(path, schedules).run for schedules in by_rhythm()),
        keep_lake_compact,
        keep_steps_recent,
        keep_rollups_recent,
        keep_funnels_stored,
        Forgetting(path, settings().bus).run,
        partial(hand_on_measures, "worker"),
    )
    for task in tasks:
        threading.Thread(target=task, args=(stop,), daemon=True).start()
    stop.wait()
    for pump in pumps:
        pump.stop()
    batches.close()
    # Whatever still runs is done again at the next start; waiting for it would only delay the end.
    logging.shutdown()
    os._exit(0)


def _stop_with_parent(stop: threading.Event) -> None:
    # Not by sys.stdin: an interpreter that ends meanwhile would wait for its lock in vain, and abort.
    while os.read(0, 1024):
        pass
    stop.set()


if __name__ == "__main__":
    main()
