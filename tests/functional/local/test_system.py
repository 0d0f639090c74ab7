"""The whole system starts, answers and ends, however it is ended."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from infra.local.home import ROOT, home_at
from infra.local.system import running_system

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(
        not list(ROOT.glob("node_modules/@dynoxide/*/dynoxide")), reason="the table is not installed: run `npm ci`"
    ),
]


def up(home: Path, port: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "optiq_cli", "up", "--no-sample", "--port", str(port), "--home", str(home)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)


def children_of(pid: int) -> dict[int, str]:
    """Processes below a process, by id."""
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


def is_alive(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up, "nothing happened"
        time.sleep(0.05)


def worker_of(pid: int) -> int | None:
    return next((child for child, command in children_of(pid).items() if "infra.local.worker" in command), None)


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_everything_cleanly_and_data_stays(tmp_path: Path, sent: signal.Signals) -> None:
    with running_system(tmp_path) as running:
        with urllib.request.urlopen(f"{running.url}/health", timeout=5) as answer:
            assert answer.status == 200
        wait_until(lambda: worker_of(running.pid) is not None)
        children = children_of(running.pid)
        assert len(children) == 2
        started = time.monotonic()
        os.kill(running.pid, sent)
        wait_until(lambda: not is_alive(running.pid))
        assert time.monotonic() - started < 8
    assert not any(is_alive(child) for child in children)
    assert {file.name for file in tmp_path.iterdir()} >= {"table.db", "stream.db", "run.json"}
    assert "pid" not in json.loads((tmp_path / "run.json").read_text())


def test_an_empty_start_says_how_to_sign_up_and_ends_with_zero_after_a_signal(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "optiq_cli", "up", "--no-sample", "--port", "0", "--home", str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert re.search(r"http://localhost:\d+/console/sign-up", process.stdout.readline())
        process.terminate()
        assert process.wait(10) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_children_end_when_the_parent_is_killed(tmp_path: Path) -> None:
    with running_system(tmp_path) as running:
        wait_until(lambda: worker_of(running.pid) is not None)
        children = children_of(running.pid)
        os.kill(running.pid, signal.SIGKILL)
        wait_until(lambda: not any(is_alive(child) for child in children))
    with running_system(tmp_path) as again:
        assert again.pid != running.pid


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_worker_that_dies_is_started_again(tmp_path: Path) -> None:
    with running_system(tmp_path) as running:
        wait_until(lambda: worker_of(running.pid) is not None)
        first = worker_of(running.pid)
        assert first is not None
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: worker_of(running.pid) not in (first, None))


def test_a_second_run_on_one_folder_gets_one_clear_line(tmp_path: Path) -> None:
    with running_system(tmp_path) as running:
        refused = up(tmp_path, 0)
    assert refused.returncode == 1
    assert (
        refused.stderr == f"Error: {home_at(str(tmp_path)).path} is in use by a running Optiq (process {running.pid})\n"
    )


def test_a_taken_port_gets_one_clear_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = up(tmp_path, port)
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"Error: port {port} is taken")
    assert refused.stderr.count("\n") == 1


def test_a_geoip_database_that_is_missing_gets_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPTIQ_GEOIP", str(tmp_path / "city.mmdb"))

    refused = up(tmp_path / "home", 0)

    assert refused.returncode == 1
    # Another test's connection may have used the port that the table's server got: then it takes another, and says so.
    lines = [line for line in refused.stderr.splitlines() if "table's server is not used" not in line]
    assert len(lines) == 1
    assert lines[0].startswith(f"Error: OPTIQ_GEOIP: '{tmp_path / 'city.mmdb'}' cannot be read")
