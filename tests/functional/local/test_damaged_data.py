"""A start over data that is missing or damaged says so in one line; a running system says what does not work."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from infra.local.home import ROOT
from infra.local.system import Running, running_system
from tests.functional.local.test_system import children_of, up, wait_until, worker_of
from tests.system.sites import create_site

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(
        not list(ROOT.glob("node_modules/@dynoxide/*/dynoxide")), reason="the table is not installed: run `npm ci`"
    ),
]


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a site, and a system that ran over it."""
    home = tmp_path_factory.mktemp("home")
    with running_system(home):
        create_site(home)
    return home


def _garbage(file: Path) -> None:
    with file.open("r+b") as stream:
        stream.write(b"\xa5" * 5_000)


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("secret.key", Path.unlink),
        ("secret.key", lambda file: file.write_bytes(b"")),
        ("secret.key", lambda file: file.write_bytes(bytes(32))),
        ("table.db", Path.unlink),
        ("table.db", _garbage),
        ("stream.db", _garbage),
    ],
)
@pytest.mark.parametrize("command", ["up", "rates import"])
def test_a_start_over_spoilt_data_gets_one_clear_line(
    used: Path, name: str, spoil: Callable[[Path], object], command: str
) -> None:
    good = (used / name).read_bytes()
    spoil(used / name)
    try:
        refused = up(used, 0) if command == "up" else _import_rates(used)
    finally:
        (used / name).write_bytes(good)
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"Error: {used / name} is ")
    assert refused.stderr.endswith("To begin anew instead, use another folder (--home).\n")
    assert refused.stderr.count("\n") == 1


def _import_rates(home: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "optiq_cli", "rates", "import", __file__, "--home", str(home)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_a_worker_does_not_go_on_with_another_secret(tmp_path: Path) -> None:
    with running_system(tmp_path) as running:
        wait_until(lambda: worker_of(running.pid) is not None)
        (tmp_path / "secret.key").unlink()
        os.kill(worker_of(running.pid) or 0, signal.SIGKILL)
        wait_until(lambda: "worker does not run" in _health(running)[1], 60)
        assert not (tmp_path / "secret.key").exists()


def test_health_tells_that_the_table_does_not_answer_and_then_that_it_does(tmp_path: Path) -> None:
    with running_system(tmp_path) as running:
        table = next(pid for pid, command in children_of(running.pid).items() if "dynoxide" in command)
        os.kill(table, signal.SIGSTOP)
        wait_until(lambda: _health(running)[0] == 503, 60)
        assert "the table does not answer" in _health(running)[1]
        # The process lives, and should not be started again for it.
        with urllib.request.urlopen(f"{running.url}/health/live", timeout=20) as answer:
            assert answer.status == 200
        os.kill(table, signal.SIGCONT)
        wait_until(lambda: _health(running)[0] == 200, 60)


def _health(running: Running) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"{running.url}/health", timeout=20) as answer:
            return answer.status, ""
    except urllib.error.HTTPError as error:
        with error:
            return error.code, str(json.load(error)["detail"])
