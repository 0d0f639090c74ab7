"""The worker process: what happens behind the gateway. Started and watched by the supervisor (system.py)."""

import logging
import os
import signal
import sys
import threading

from optiq.kernel.settings import settings

from infra.local.forgetting import Forgetting
from infra.local.mappings import MAPPINGS
from infra.local.pump import Pump
from infra.local.scheduler import SCHEDULES, Scheduler
from infra.local.workflow_runner import WorkflowRunner


def main() -> None:
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    threading.Thread(target=_stop_with_parent, args=(stop,), daemon=True).start()
    path = settings().stream
    pump = Pump(path, MAPPINGS)
    pump.start()
    for task in (WorkflowRunner(path).run, Scheduler(path, SCHEDULES).run, Forgetting(path).run):
        threading.Thread(target=task, args=(stop,), daemon=True).start()
    stop.wait()
    pump.stop()
    # Whatever still runs is done again at the next start; waiting for it would only delay the end.
    logging.shutdown()
    os._exit(0)


def _stop_with_parent(stop: threading.Event) -> None:
    sys.stdin.buffer.read()
    stop.set()


if __name__ == "__main__":
    main()
