"""The search for stand-ins' secrets finds them, wherever a run leaves them."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.support.spilled_secrets import Spills, find, find_in_files


@pytest.mark.parametrize(
    "secret", ["ya29-secret-1", "EAA-long-secret-23", "1//refresh-secret-4", "tt-secret-5", "app-secret-of-optiq"]
)
def test_find_names_a_secret_within_a_text(secret: str) -> None:
    assert find(f'GET /token?client_secret={secret}&x=1 "200"'.encode()) == {secret}


@pytest.mark.parametrize("text", ["", "client_secret=", "a-secret-garden", "EAA-long-secret-", "ya29"])
def test_find_leaves_other_text(text: str) -> None:
    assert find(text.encode()) == set()


def test_files_are_searched_however_deep(tmp_path: Path) -> None:
    (tmp_path / "lake" / "day").mkdir(parents=True)
    (tmp_path / "lake" / "day" / "rows").write_bytes(b"\x00tt-secret-7\x00")
    (tmp_path / "good").write_text("nothing")
    assert find_in_files(tmp_path) == {"lake/day/rows": {"tt-secret-7"}}


def _report(passed: bool, text: str) -> pytest.TestReport:
    report = SimpleNamespace(passed=passed, nodeid="test_x", sections=[("Captured log call", text)])
    return cast(pytest.TestReport, report)


def _session() -> Any:
    return SimpleNamespace(config=SimpleNamespace(), exitstatus=0)


@pytest.mark.parametrize(
    ("passed", "text", "status"), [(True, "tt-secret-1", 1), (False, "tt-secret-1", 0), (True, "", 0)]
)
def test_a_run_fails_when_a_passed_test_prints_a_secret(tmp_path: Path, passed: bool, text: str, status: int) -> None:
    spills, session = Spills(tmp_path), _session()
    spills.pytest_runtest_logreport(_report(passed, text))
    spills.pytest_sessionfinish(session)
    assert session.exitstatus == status


def test_a_process_of_xdist_tells_the_run_what_it_left(tmp_path: Path) -> None:
    (tmp_path / "stream").write_text("EAA-long-secret-2")
    worker = SimpleNamespace(config=SimpleNamespace(workeroutput={}), exitstatus=0)
    Spills(tmp_path).pytest_sessionfinish(cast(Any, worker))

    run, session = Spills(tmp_path / "nowhere"), _session()
    run.pytest_testnodedown(SimpleNamespace(workeroutput=worker.config.workeroutput))
    run.pytest_sessionfinish(session)
    assert session.exitstatus == 1
