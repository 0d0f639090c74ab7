"""Several executions at a time: apart from each other, fair, and none stopped by what befalls another."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from optiq.ports import wiring
from optiq.ports.log_file import LogFile
from optiq.ports.workflows_queue import QueueWorkflows

from infra.local.workflow_runner import WorkflowRunner
from tests.support.waiting import wait_until
from tests.support.workflow_process import HANDLERS
from tests.support.workflows import Bench, task

_MEETING_SECONDS = 120.0


@contextmanager
def running(runner: WorkflowRunner) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=runner.run, args=(stop,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def bench_of(folder: Path, **tasks: Callable[[Any, object], object]) -> Bench:
    return Bench(folder, tasks)


def wait_for_ends(bench: Bench, *names: str) -> None:
    wait_until(lambda: all(bench.ended(name)[0] not in ("QUEUED", "RUNNING") for name in names), f"{names} ended")


def test_executions_run_at_once(tmp_path: Path) -> None:
    # Given tasks that end only when three of them run at the same moment
    meeting = threading.Barrier(3, timeout=_MEETING_SECONDS)
    bench = bench_of(tmp_path, Meet=lambda event, _: meeting.wait() >= 0)
    names = [f"run-{number}" for number in range(3)]
    for name in names:
        bench.start({"A": task("Meet")}, "A", {"organization_id": name}, name)

    with running(bench.runner):
        wait_for_ends(bench, *names)

    assert [bench.ended(name) for name in names] == [("SUCCEEDED", True)] * 3
    bench.close()


def test_an_organization_leaves_places_to_others(tmp_path: Path) -> None:
    # Given more executions of one organization than there are places, all waiting
    go, began = threading.Event(), []

    def wait(event: Any, _: object) -> object:
        began.append(event["organization_id"])
        return event["organization_id"] == "org_quiet" or go.wait(_MEETING_SECONDS)

    bench = bench_of(tmp_path, Wait=wait)
    loud = [f"loud-{number}" for number in range(6)]
    for name in loud:
        bench.start({"A": task("Wait")}, "A", {"organization_id": "org_loud"}, name)
    with running(bench.new_runner(places=4, each=2)):
        wait_until(lambda: len(began) == 2, "the first two wait")
        # When another organization's comes
        bench.start({"A": task("Wait")}, "A", {"organization_id": "org_quiet"}, "quiet")
        wait_for_ends(bench, "quiet")
        # Then it has ended while the others wait, two of them in places
        assert began == ["org_loud", "org_loud", "org_quiet"]
        go.set()
        wait_for_ends(bench, *loud)
    bench.close()


def test_organizations_take_turns(tmp_path: Path) -> None:
    order: list[str] = []
    bench = bench_of(tmp_path, Note=lambda event, _: order.append(event["name"]))
    for name in ("a1", "a2", "a3", "b1", "b2", "c1"):
        bench.start({"A": task("Note")}, "A", {"organization_id": name[0], "name": name}, name)

    while bench.runner.run_next():
        pass

    assert order == ["a1", "b1", "c1", "a2", "b2", "a3"]
    bench.close()


def test_workflows_take_turns(tmp_path: Path) -> None:
    # Given one workflow with many executions, and another with one, queued last
    go, began = threading.Event(), []
    bench = bench_of(tmp_path, Wait=lambda event, _: began.append(event["name"]) or go.wait(_MEETING_SECONDS))
    names = [f"many-{number}" for number in range(4)]
    for name in names:
        bench.start({"A": task("Wait")}, "A", {"organization_id": name, "name": name}, name)
    bench.start({"A": task("Wait")}, "A", {"organization_id": "one", "name": "one"}, "one", machine="other")

    # When two may run
    with running(bench.new_runner(places=2)):
        wait_until(lambda: len(began) == 2, "two run")
        # Then one of them is the other workflow's
        assert sorted(began) == ["many-0", "one"]
        go.set()
        wait_for_ends(bench, "one", *names)
    bench.close()


def test_an_execution_runs_once_at_a_time(tmp_path: Path) -> None:
    go, began = threading.Event(), []

    def wait(event: Any, _: object) -> object:
        began.append(event["name"])
        return event["name"] != "slow" or go.wait(_MEETING_SECONDS)

    bench = bench_of(tmp_path, Wait=wait)

    def start(name: str) -> None:
        bench.start({"A": task("Wait")}, "A", {"organization_id": name, "name": name}, name)

    start("slow")
    with running(bench.new_runner(places=4)):
        wait_until(lambda: began, "it runs")
        # When it is started again while it runs, and the runner looks for work again and again
        for number in range(5):
            start("slow")
            start(f"other-{number}")
            wait_for_ends(bench, f"other-{number}")
        go.set()
        wait_for_ends(bench, "slow")
        start("slow")
        start("last")
        wait_for_ends(bench, "last")
    assert began.count("slow") == 1
    bench.close()


def test_what_a_crash_left_behind_waits_for_what_was_not_tried(tmp_path: Path) -> None:
    order: list[str] = []
    bench = bench_of(tmp_path, Note=lambda event, _: order.append(event))
    for name in ("left", "new"):
        bench.start({"A": task("Note")}, "A", name, name)
    with bench.log.transaction() as connection:
        connection.execute("UPDATE executions SET status = 'RUNNING' WHERE name = 'left'")

    while bench.runner.run_next():
        pass

    assert order == ["new", "left"]
    bench.close()


def test_an_input_that_is_no_json_fails_alone(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, Note=lambda event, _: "noted")
    bench.start({"A": task("Note")}, "A", "good", "good")
    with bench.log.transaction() as connection:
        connection.execute(
            "INSERT INTO executions (machine, name, status, input, queued_ms)"
            " SELECT machine, 'bad', 'QUEUED', '{not json', 0 FROM executions"
        )
    while bench.runner.run_next():
        pass
    statuses = dict(bench.log.connection().execute("SELECT name, status FROM executions"))
    assert statuses == {"good": "SUCCEEDED", "bad": "FAILED"}
    bench.close()


def test_many_executions_keep_no_more_connections_open_than_places(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, Note=lambda event, _: "noted")
    names = [f"run-{number}" for number in range(40)]
    for name in names:
        bench.start({"A": task("Note")}, "A", {"organization_id": name}, name)

    with running(bench.new_runner(places=2)):
        wait_for_ends(bench, *names)
        opened = [link for link in Path("/proc/self/fd").iterdir() if _leads_to(link, bench.path)]

    # The bench's own, the dispatcher's, one for each place, and what waits to be started.
    assert len(opened) <= 6
    bench.close()


def _leads_to(link: Path, path: str) -> bool:
    try:
        return str(link.readlink()) == path
    except OSError:
        return False


@pytest.fixture
def eager_switching() -> Iterator[None]:
    """Lets threads interrupt each other almost anywhere."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def test_executions_side_by_side_see_only_their_own_data(tmp_path: Path, eager_switching: None) -> None:
    # Given executions of many organizations whose tasks each answer with what they were given
    def echo(event: Any, _: object) -> object:
        return event

    def fail(event: Any, _: object) -> object:
        raise ValueError(event["organization_id"])

    item = {"organization_id.$": "$.organization_id", "n.$": "$$.Map.Item.Value", "run.$": "$$.Execution.Name"}
    inner = {"Echo": task("Echo", Next="Fail"), "Fail": task("Fail", Catch=[_caught("Out")]), "Out": _pass()}
    states = {
        "First": task("Echo", ResultPath="$.first", Next="Each"),
        "Each": {
            "Type": "Map",
            "ItemsPath": "$.items",
            "MaxConcurrency": 3,
            "ItemSelector": item,
            "ItemProcessor": {"StartAt": "Echo", "States": inner},
            "ResultPath": "$.each",
            "End": True,
        },
    }
    bench = bench_of(tmp_path, Echo=echo, Fail=fail)
    names = [f"run-{number}" for number in range(24)]
    for name in names:
        bench.start(states, "First", {"organization_id": name, "items": [f"{name}-a", f"{name}-b"]}, name)
    # and, between them, definitions that cannot be read
    broken = tmp_path / "broken.asl.json"
    broken.write_text('{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Map", "End": tru}}}')
    for number in range(6):
        bench.workflows.start(str(broken), f"broken-{number}", json.dumps({"organization_id": f"broken-{number}"}))

    # and of another query language, which the parser must not take for that of its neighbour
    passes = {f"P{number}": {"Type": "Pass", "Next": f"P{number + 1}"} for number in range(40)}
    states = {**passes, "P40": {"Type": "Pass", "Output": {"fixed": True}, "End": True}}
    jsonata = tmp_path / "jsonata.asl.json"
    jsonata.write_text(json.dumps({"QueryLanguage": "JSONata", "StartAt": "P0", "States": states}))
    others = [f"jsonata-{number}" for number in range(12)]
    for name in others:
        bench.workflows.start(str(jsonata), name, json.dumps({"organization_id": name}))

    # When eight of them run at once
    with running(bench.new_runner(places=8)):
        wait_until(lambda: _open(bench.log) == 0, "all have ended")

    # Then each has only its own
    for name in names:
        status, output = bench.ended(name)
        assert status == "SUCCEEDED"
        assert output["first"]["organization_id"] == name
        for one, given in zip(output["each"], (f"{name}-a", f"{name}-b"), strict=True):
            assert (one["organization_id"], one["n"], one["run"]) == (name, given, name)
            assert json.loads(one["error"]["Cause"])["errorMessage"] == name
    assert [bench.ended(name) for name in others] == [("SUCCEEDED", {"fixed": True})] * len(others)
    failed = bench.log.connection().execute("SELECT count(*) FROM executions WHERE status = 'FAILED'").fetchone()
    assert failed == (6,)
    bench.close()


class Queue:
    """A queue whose tasks run in processes of their own."""

    def __init__(self, folder: Path) -> None:
        self.path = str(folder / "stream.db")
        self.log = LogFile(self.path)
        self._folder = folder
        self._workflows = QueueWorkflows(self.path)

    def start(self, name: str, state: dict[str, Any], data: dict[str, Any] | None = None, **more: Any) -> None:
        # Of each a file, all of one workflow.
        file = self._folder / name / "machine.asl.json"
        file.parent.mkdir()
        file.write_text(json.dumps({"StartAt": "A", "States": {"A": state, **more}}))
        self._workflows.start(str(file), name, json.dumps({"organization_id": name, **(data or {})}))

    def status(self, name: str) -> str:
        query = "SELECT status FROM executions WHERE name = ?"
        return str(self.log.connection().execute(query, (name,)).fetchone()[0])

    def output(self, name: str) -> Any:
        query = "SELECT output FROM executions WHERE name = ?"
        return json.loads(self.log.connection().execute(query, (name,)).fetchone()[0])

    def close(self) -> None:
        self.log.close()
        self._workflows.close()


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    wiring.platform_secret()  # a process that joins finds it there
    queue = Queue(tmp_path)
    yield queue
    queue.close()


def test_a_task_that_is_killed_fails_like_one_of_lambdas_and_stops_no_other(queue: Queue) -> None:
    # Given an execution whose task is killed at each attempt, and one that fails by itself
    retry = [{"ErrorEquals": ["Lambda.ServiceException"], "IntervalSeconds": 1, "BackoffRate": 1.0, "MaxAttempts": 2}]
    queue.start("poison", task("Vanish", Retry=retry, Catch=[_caught("B")]), B=_pass())
    queue.start("failing", task("Fail"), {"n": 7})
    for number in range(4):
        queue.start(f"good-{number}", task("Double"), {"n": number})

    runner = WorkflowRunner(queue.path, HANDLERS)
    with running(runner):
        wait_until(lambda: _open(queue.log) == 0, "all have ended")
    runner.close()

    # Then the definition has caught it, and the others are done in other processes
    assert queue.status("poison") == "SUCCEEDED"
    assert queue.output("poison")["error"]["Error"] == "Lambda.ServiceException"
    assert queue.output("failing")["error"] == "ValueError"
    assert json.loads(queue.output("failing")["cause"])["errorMessage"] == "7 is no good"
    good = [queue.output(f"good-{number}") for number in range(4)]
    assert [one["doubled"] for one in good] == [0, 2, 4, 6]
    assert os.getpid() not in {one["pid"] for one in good}


def test_executions_that_a_killed_runner_left_are_run_again_and_hold_up_no_other(queue: Queue, tmp_path: Path) -> None:
    # Given an execution that never ends by itself, and others that come one by one
    queue.start("slow", task("Wait"), {"folder": str(tmp_path)})
    pids = tmp_path / "pids"

    # When the runner is killed again and again while it runs
    for round_number in range(3):
        queue.start(f"quick-{round_number}", task("Double"), {"n": round_number})
        process = subprocess.Popen([sys.executable, "-m", "tests.support.workflow_process", queue.path])
        try:
            wait_until(lambda seen=round_number: pids.exists() and len(_lines(pids)) > seen, "the slow one runs")
            wait_until(lambda seen=round_number: queue.status(f"quick-{seen}") == "SUCCEEDED", "the quick one is done")
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
        # Then its task ends with it, so that it never runs twice at once
        wait_until(lambda: not Path(f"/proc/{_lines(pids)[-1]}/status").exists(), "the task's process is gone")
        assert queue.status("slow") == "RUNNING"

    # and the next runner brings it to its end
    (tmp_path / "go").touch()
    runner = WorkflowRunner(queue.path, HANDLERS)
    with running(runner):
        wait_until(lambda: queue.status("slow") == "SUCCEEDED", "the slow one is done")
    runner.close()
    assert len(_lines(pids)) == 4


def test_a_task_whose_process_is_killed_once_is_tried_again(queue: Queue, tmp_path: Path) -> None:
    retry = [{"ErrorEquals": ["Lambda.ServiceException"], "IntervalSeconds": 1, "MaxAttempts": 3}]
    queue.start("slow", task("Wait", Retry=retry), {"folder": str(tmp_path)})
    pids = tmp_path / "pids"
    runner = WorkflowRunner(queue.path, HANDLERS)
    with running(runner):
        wait_until(lambda: pids.exists() and _lines(pids), "it runs")
        os.kill(int(_lines(pids)[0]), signal.SIGKILL)
        wait_until(lambda: len(_lines(pids)) == 2, "it runs again")
        (tmp_path / "go").touch()
        wait_until(lambda: queue.status("slow") == "SUCCEEDED", "it is done")
    runner.close()


def _lines(file: Path) -> list[str]:
    return file.read_text().splitlines()


def _open(log: LogFile) -> int:
    query = "SELECT count(*) FROM executions WHERE status IN ('QUEUED', 'RUNNING')"
    return int(log.connection().execute(query).fetchone()[0])


def _caught(then: str) -> dict[str, Any]:
    return {"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": then}


def _pass() -> dict[str, Any]:
    return {"Type": "Pass", "End": True}
