"""Heavy requests are answered by other processes, and whatever befalls those stays with their request."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from optiq.kernel.errors import LimitExceededError, UpstreamError
from optiq.ports import wiring

from infra.local.handler_process import NICENESS
from infra.local.http_event import HttpAnswer
from infra.local.report_processes import ReportProcesses
from tests.unit.local.loops import run_apart


@pytest.fixture
def reports() -> Iterator[ReportProcesses]:
    wiring.platform_secret()  # a process that joins finds it there
    processes = ReportProcesses(processes=2, each=1, waiting=2, imports=())
    yield processes
    processes.close()


async def _ask(reports: ReportProcesses, handler: str, body: str = "", by: str = "org_A") -> HttpAnswer:
    event: dict[str, Any] = {"body": body, "routeKey": "GET /r", "requestContext": {"requestId": by}}
    return await reports.answer(by, f"tests.unit.local.heavy_handlers.{handler}", event)


@pytest.mark.parametrize("body", ["", "short", "ünï\ncode\n{}", "x" * 3_000_000])
def test_an_answer_comes_back_whole_from_another_process(reports: ReportProcesses, body: str) -> None:
    answer = run_apart(_ask(reports, "echo", body))

    assert (answer.status, answer.body.decode()) == (201, body)
    headers = [(name, value) for name, value in answer.headers if name != b"x-pid"]
    assert headers == [(b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")]
    assert int(dict(answer.headers)[b"x-pid"]) != os.getpid()


def test_a_process_is_used_again_and_yields_to_everything_else(reports: ReportProcesses) -> None:
    first, second = (dict(run_apart(_ask(reports, "echo")).headers)[b"x-pid"] for _ in range(2))
    assert first == second
    assert run_apart(_ask(reports, "nice")).body == b"%d" % (os.nice(0) + NICENESS)


def test_a_bug_of_a_handler_is_an_internal_error_and_no_more(reports: ReportProcesses) -> None:
    assert run_apart(_ask(reports, "fail")).status == 500
    assert run_apart(_ask(reports, "echo", "after")).body == b"after"


def test_a_process_that_ends_fails_its_own_request_only(reports: ReportProcesses) -> None:
    with pytest.raises(UpstreamError, match="ask for fewer days"):
        run_apart(_ask(reports, "vanish"))
    assert run_apart(_ask(reports, "echo", "after")).body == b"after"


def test_a_process_that_was_killed_while_idle_is_replaced(reports: ReportProcesses) -> None:
    pid = int(dict(run_apart(_ask(reports, "echo")).headers)[b"x-pid"])
    os.kill(pid, signal.SIGKILL)
    while "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]:
        time.sleep(0.01)
    assert run_apart(_ask(reports, "echo", "after")).body == b"after"


def test_a_request_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    reports = ReportProcesses(processes=1, each=1, longest_seconds=0.01, imports=())
    with pytest.raises(UpstreamError, match="ask for fewer days"):
        run_apart(_ask(reports, "wait_for_file", str(tmp_path)))
    reports.close()


def test_one_organization_leaves_a_process_to_others(reports: ReportProcesses, tmp_path: Path) -> None:
    async def play() -> tuple[HttpAnswer, int]:
        # GIVEN an organization whose request runs, and two more that wait
        loud = [asyncio.create_task(_ask(reports, "wait_for_file", str(tmp_path), "org_A")) for _ in range(3)]
        while not (tmp_path / "runs-org_A").exists():
            await asyncio.sleep(0.01)
        # WHEN a further one of it comes, and one of another
        with pytest.raises(LimitExceededError, match="wait"):
            await _ask(reports, "echo", by="org_A")
        quiet = await _ask(reports, "echo", "quiet", "org_B")
        done = sum(task.done() for task in loud)
        (tmp_path / "go").touch()
        await asyncio.gather(*loud)
        return quiet, done

    # THEN the other is answered while the first still runs
    quiet, done = run_apart(play())
    assert (quiet.body, done) == (b"quiet", 0)
