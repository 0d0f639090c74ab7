"""The whole system starts, answers and ends, however it is ended."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.home import ROOT
from infra.local.system import Running, running_system
from tests.support.systems import children_of, health, is_alive, kill_worker, table_of, up, worker_of
from tests.support.waiting import LIMIT_SECONDS, wait_until

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(
        not list(ROOT.glob("node_modules/@dynoxide/*/dynoxide")), reason="the table is not installed: run `npm ci`"
    ),
]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """For tests after which it still runs."""
    with running_system(tmp_path_factory.mktemp("home")) as system:
        yield system


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_everything_cleanly_and_data_stays(tmp_path: Path, sent: signal.Signals) -> None:
    with running_system(tmp_path) as running:
        with urllib.request.urlopen(f"{running.url}/health", timeout=LIMIT_SECONDS) as answer:
            assert answer.status == 200
        wait_until(running.home.stream_file.exists, "the worker reads its log")
        children = children_of(running.pid)
        assert len(children) == 2
        os.kill(running.pid, sent)
        wait_until(lambda: not is_alive(running.pid), "it has ended")
    assert not any(is_alive(child) for child in children)
    assert {file.name for file in tmp_path.iterdir()} >= {"table.db", "stream.db", "run.json"}
    assert "pid" not in json.loads((tmp_path / "run.json").read_text())


def test_an_empty_start_says_how_to_sign_up_and_ends_with_zero_after_a_signal(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "optiq_cli", "up", "--no-sample", "--port", "0", "--home", str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert re.search(r"http://localhost:\d+/console/sign-up", process.stdout.readline())
        process.terminate()
        assert process.wait(LIMIT_SECONDS) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_children_end_when_the_parent_is_killed(tmp_path: Path) -> None:
    with running_system(tmp_path) as running:
        wait_until(lambda: worker_of(running) is not None, "the worker runs")
        children = children_of(running.pid)
        os.kill(running.pid, signal.SIGKILL)
        wait_until(lambda: not any(is_alive(child) for child in children), "the children have ended")
    with running_system(tmp_path) as again:
        assert again.pid != running.pid


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_worker_that_dies_is_started_again(running: Running) -> None:
    first = kill_worker(running)
    wait_until(lambda: worker_of(running) not in (first, None), "another worker runs")


def test_a_second_run_on_one_folder_gets_one_clear_line(running: Running) -> None:
    refused = up(running.home.path, 0)
    assert refused.returncode == 1
    assert refused.stderr == f"Error: {running.home.path} is in use by a running Optiq (process {running.pid})\n"


def test_health_tells_that_the_table_does_not_answer_and_then_that_it_does(running: Running) -> None:
    wait_until(lambda: health(running)[0] == 200, "the system is well")
    table = table_of(running)
    assert table is not None
    os.kill(table, signal.SIGSTOP)
    wait_until(lambda: health(running)[0] == 503, "/health answers 503")
    assert "the table does not answer" in health(running)[1]
    # The process lives, and should not be started again for it.
    with urllib.request.urlopen(f"{running.url}/health/live", timeout=LIMIT_SECONDS) as answer:
        assert answer.status == 200
    os.kill(table, signal.SIGCONT)
    wait_until(lambda: health(running)[0] == 200, "the system is well again")


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
