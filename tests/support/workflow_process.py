"""A process that runs a queue's workflows, to be killed: `python -m tests.support.workflow_process QUEUE`."""

import sys
import threading

from infra.local.workflow_runner import WorkflowRunner

HANDLERS = {
    f"machine.{task}": f"tests.support.tasks_apart.{handler}"
    for task, handler in (("Double", "double"), ("Fail", "fail"), ("Vanish", "vanish"), ("Wait", "wait_for_file"))
}

if __name__ == "__main__":
    WorkflowRunner(sys.argv[1], HANDLERS).run(threading.Event())
