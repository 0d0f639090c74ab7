"""The processes of a running system, as tests of its life look at them."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from infra.local.home import ROOT
from infra.local.system import Running
from tests.support.waiting import LIMIT_SECONDS, wait_until


def up(home: Path, port: int) -> subprocess.CompletedProcess[str]:
    """`optiq up` where it refuses to start."""
    command = [sys.executable, "-m", "optiq_cli", "up", "--no-sample", "--port", str(port), "--home", str(home)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False)


def children_of(pid: int) -> dict[int, str]:
    """Commands of the processes below a process, by id."""
    found: dict[int, str] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            command = (stat.parent / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if parent == pid:
            found[int(stat.parent.name)] = command
    return found


def child_named(running: Running, name: str) -> int | None:
    return next((pid for pid, command in children_of(running.pid).items() if name in command), None)


def worker_of(running: Running) -> int | None:
    return child_named(running, "infra.local.worker")


def table_of(running: Running) -> int | None:
    return child_named(running, "dynoxide")


def is_alive(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def kill_worker(running: Running) -> int:
    """Kills the worker once it runs; returns its process id."""
    wait_until(lambda: worker_of(running) is not None, "the worker runs")
    pid = worker_of(running)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    return pid


def health(running: Running) -> tuple[int, str]:
    """The status that /health answers with, and why."""
    try:
        with urllib.request.urlopen(f"{running.url}/health", timeout=LIMIT_SECONDS) as answer:
            return answer.status, ""
    except urllib.error.HTTPError as error:
        with error:
            return error.code, str(json.load(error)["detail"])
