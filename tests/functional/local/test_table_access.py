"""The table's server answers Optiq alone, from its first moment and after every restart."""

import http.client
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from urllib3 import PoolManager
from urllib3.exceptions import HTTPError
from urllib3.util import connection as urllib3_connection

from infra.local import table_access
from infra.local.home import ROOT, StartError
from infra.local.system import Running, attach, running_system
from tests.support.systems import table_of
from tests.support.waiting import LIMIT_SECONDS, wait_until

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(
        not list(ROOT.glob("node_modules/@dynoxide/*/dynoxide")), reason="the table is not installed: run `npm ci`"
    ),
    pytest.mark.skipif(not table_access.can_protect(), reason="this kernel gives sockets no key"),
]
_REFUSED_SECONDS = 0.3
"""A segment without a signature is dropped, so all there is to see is that no answer comes."""
_LISTENS = "import socket, time; s = socket.create_server(('127.0.0.1', 0)); print(s.getsockname()[1], flush=True)"
_ACCEPTS = "kept = [s.accept() for _ in range(1)]"
SCAN = {"X-Amz-Target": "DynamoDB_20120810.Scan", "Content-Type": "text/plain", "Origin": "http://evil.example"}


@pytest.fixture(autouse=True)
def own_connections() -> Iterator[None]:
    usual = urllib3_connection.create_connection
    yield
    urllib3_connection.create_connection = usual


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_system(tmp_path_factory.mktemp("home")) as system:
        yield system


@pytest.fixture(params=["", _ACCEPTS], ids=["listens", "accepts"])
def other(request: pytest.FixtureRequest) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A process that listens at a port, as a server just started does, or has taken up one connection already."""
    command = [sys.executable, "-c", f"{_LISTENS}\n{request.param}\ntime.sleep(600)"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process, int(process.stdout.readline())
        process.kill()


def _port(running: Running) -> int:
    return int(running.home.read_run()["table_endpoint"].rpartition(":")[2])


def _connects(port: int, source: str = "127.0.0.1", options: tuple[tuple[int, int, bytes], ...] = ()) -> bool:
    with socket.socket() as plain:
        plain.settimeout(_REFUSED_SECONDS)
        for option in options:
            plain.setsockopt(*option)
        plain.bind((source, 0))
        return plain.connect_ex(("127.0.0.1", port)) == 0


def _own_addresses() -> list[str]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing
        except OSError:
            return []
        return [str(probe.getsockname()[0])]


@pytest.mark.parametrize("source", ["127.0.0.1", "127.0.0.2", "127.255.255.254", *_own_addresses()])
def test_a_program_without_the_key_does_not_reach_the_table(running: Running, source: str) -> None:
    assert not _connects(_port(running), source)


@pytest.mark.parametrize("key", [b"\0", b"x" * 32, b"x" * 80])
def test_a_wrong_key_does_not_reach_the_table(running: Running, key: bytes) -> None:
    wrong = (socket.IPPROTO_TCP, table_access._TCP_MD5SIG, table_access._signature("127.0.0.1", key))
    assert not _connects(_port(running), options=(wrong,))


def test_a_request_as_a_browser_sends_it_is_not_answered(running: Running) -> None:
    line = http.client.HTTPConnection("127.0.0.1", _port(running), timeout=_REFUSED_SECONDS)
    with closing(line), pytest.raises(TimeoutError):
        line.request("POST", "/", json.dumps({"TableName": "optiq"}), SCAN)


def test_the_owners_programs_reach_the_table(running: Running) -> None:
    with attach(str(running.home.path)), PoolManager() as pool:
        answer = pool.request("GET", f"http://127.0.0.1:{_port(running)}/", retries=False, timeout=LIMIT_SECONDS)
        assert answer.status == 200
        # What goes elsewhere is not signed.
        assert pool.request("GET", f"{running.url}/health", retries=False, timeout=LIMIT_SECONDS).status == 200


def test_the_key_is_readable_by_the_owner_only(running: Running) -> None:
    file = running.home.table_key_file
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_bytes().hex() not in running.home.run_file.read_text()


def test_the_table_is_protected_again_after_a_crash(running: Running) -> None:
    def answers() -> bool:
        try:
            with attach(str(running.home.path)), PoolManager() as pool:
                pool.request("GET", f"http://127.0.0.1:{_port(running)}/", retries=False, timeout=2)
        except HTTPError:
            return False
        return True

    for _ in range(3):
        wait_until(lambda: table_of(running) is not None, "the table's server runs")
        crashed = table_of(running)
        assert crashed is not None
        os.kill(crashed, signal.SIGKILL)
        wait_until(lambda crashed=crashed: table_of(running) not in (None, crashed), "another runs")  # type: ignore[misc]
        wait_until(answers, "it answers")
        assert not _connects(_port(running))


def test_a_command_says_what_to_do_when_the_key_of_a_running_system_is_gone(running: Running) -> None:
    file = running.home.table_key_file
    key = file.read_bytes()
    file.unlink()
    try:
        with pytest.raises(StartError, match=r"table\.key is gone: stop Optiq and start it again"):
            attach(str(running.home.path)).__enter__()
    finally:
        file.write_bytes(key)
    assert "OPTIQ_TABLE_ENDPOINT" not in os.environ or str(_port(running)) not in os.environ["OPTIQ_TABLE_ENDPOINT"]


def test_every_start_has_a_key_of_its_own(tmp_path: Path) -> None:
    keys = set()
    for _ in range(2):
        with attach(str(tmp_path), create=True):
            keys.add((tmp_path / "table.key").read_bytes())
    assert len(keys) == 2


def test_a_server_is_not_used_when_somebody_was_quicker(other: tuple[subprocess.Popen[str], int]) -> None:
    process, port = other
    with closing(socket.create_connection(("127.0.0.1", port))), pytest.raises(table_access.IntrusionError):
        table_access.Protection(port, b"k" * 32).started(process.pid)


def test_a_server_is_not_used_when_somebody_asked_and_left(other: tuple[subprocess.Popen[str], int]) -> None:
    process, port = other
    socket.create_connection(("127.0.0.1", port)).close()
    with pytest.raises(table_access.IntrusionError):
        table_access.Protection(port, b"k" * 32).started(process.pid)


@pytest.mark.parametrize("other", [_ACCEPTS], indirect=True)
def test_a_server_is_used_when_a_signed_connection_came_before_the_look(
    other: tuple[subprocess.Popen[str], int],
) -> None:
    process, port = other
    key = b"k" * 32
    protection = table_access.Protection(port, key)
    protection.started(process.pid)
    with socket.socket() as own:
        own.setsockopt(socket.IPPROTO_TCP, table_access._TCP_MD5SIG, table_access._signature("127.0.0.1", key))
        own.settimeout(LIMIT_SECONDS)
        own.connect(("127.0.0.1", port))
        protection.started(process.pid)


def test_a_server_that_ended_cannot_be_protected(other: tuple[subprocess.Popen[str], int]) -> None:
    process, port = other
    process.kill()
    process.wait()
    with pytest.raises(OSError, match=str(process.pid)):
        table_access.Protection(port, b"k" * 32).started(process.pid)


def test_the_system_answers_while_the_table_is_protected(running: Running) -> None:
    with urllib.request.urlopen(f"{running.url}/health", timeout=LIMIT_SECONDS) as answer:
        assert answer.status == 200
