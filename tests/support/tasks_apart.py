"""Tasks that a workflow runner calls in other processes, by their import path."""

import os
import signal
import time
from pathlib import Path
from typing import Any


def double(event: Any, context: object) -> object:
    return {"doubled": event["n"] * 2, "pid": os.getpid()}


def fail(event: Any, context: object) -> object:
    raise ValueError(f"{event['n']} is no good")


def vanish(event: Any, context: object) -> object:
    """Is killed at once, as by a system without memory."""
    os.kill(os.getpid(), signal.SIGKILL)
    return None


def wait_for_file(event: Any, context: object) -> object:
    """Notes its process in one file of a folder, and goes on when there is another."""
    folder = Path(event["folder"])
    with (folder / "pids").open("a") as pids:
        pids.write(f"{os.getpid()}\n")
    while not (folder / "go").exists():
        time.sleep(0.01)
    return "done"
