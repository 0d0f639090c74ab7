"""A start over data that is missing or damaged says so in one line; a worker does not go on without its secret."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from infra.local.home import ROOT, StartError, home_at
from infra.local.system import attach, running_system, serve
from tests.support.systems import health, kill_worker, worker_of
from tests.support.waiting import LIMIT_SECONDS, wait_until
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
    with running_system(home) as running:
        create_site(home)
        wait_until(running.home.stream_file.exists, "the worker reads its log")
    return home


def _garbage(file: Path) -> None:
    with file.open("r+b") as stream:
        stream.write(b"\xa5" * 5_000)


@pytest.fixture
def usual_signals() -> Iterator[None]:
    """A system that starts in this process takes the signals that end it."""
    usual = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in usual.items():
        signal.signal(number, handler)


SPOILT: list[tuple[str, Callable[[Path], object]]] = [
    ("secret.key", Path.unlink),
    ("secret.key", lambda file: file.write_bytes(b"")),
    ("secret.key", lambda file: file.write_bytes(bytes(32))),
    ("table.db", Path.unlink),
    ("table.db", _garbage),
    ("stream.db", _garbage),
]


STARTS: dict[str, Callable[[Path], object]] = {
    "up": lambda home: serve(home_at(str(home)), 0, lambda _: None),
    "a command": lambda home: attach(str(home)).__enter__(),
}


@pytest.mark.parametrize(("name", "spoil"), SPOILT)
@pytest.mark.parametrize("start", STARTS)
def test_a_start_over_spoilt_data_is_refused_in_one_clear_line(
    used: Path, name: str, spoil: Callable[[Path], object], start: str, usual_signals: None
) -> None:
    good = (used / name).read_bytes()
    spoil(used / name)
    try:
        with pytest.raises(StartError) as refused:
            STARTS[start](used)
    finally:
        (used / name).write_bytes(good)
    assert str(refused.value).startswith(f"{used / name} is ")
    assert str(refused.value).endswith("To begin anew instead, use another folder (--home).")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("command", [("up", "--no-sample", "--port", "0"), ("rates", "import", __file__)])
def test_a_command_over_spoilt_data_prints_that_line_alone(used: Path, command: tuple[str, ...]) -> None:
    good = (used / "secret.key").read_bytes()
    (used / "secret.key").unlink()
    try:
        refused = _optiq(*command, "--home", str(used))
    finally:
        (used / "secret.key").write_bytes(good)
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"Error: {used / 'secret.key'} is ")
    assert refused.stderr.count("\n") == 1


def _optiq(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "optiq_cli", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False)


def test_a_worker_does_not_go_on_with_another_secret(tmp_path: Path) -> None:
    with running_system(tmp_path) as running:
        wait_until(lambda: worker_of(running) is not None, "the worker runs")
        (tmp_path / "secret.key").unlink()
        kill_worker(running)
        wait_until(lambda: "worker does not run" in health(running)[1], "/health tells of the worker")
        assert not (tmp_path / "secret.key").exists()
