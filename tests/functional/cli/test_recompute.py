"""`optiq recompute`: it waits for the job, and a person who interrupts it leaves none behind."""

import os
import signal
import subprocess
import sys
import threading
from typing import Any

import pytest

from infra.local.home import ROOT
from tests.functional.cli.bad_server import Answer, BadServer
from tests.functional.cli.runner import NO_SETTINGS, optiq

DAYS = ("--from", "2026-01-01", "--to", "2026-01-03")


def _job(status: str, **fields: Any) -> Answer:
    counts = {"days": 3, "days_done": 1, "days_unchanged": 0, "conversions": 7, "changed": 2, "damaged_files": []}
    return 200, {}, {"job_id": "job_1", "status": status, "reason": "", **counts, **fields}


def test_interrupted_recompute_cancels_its_job() -> None:
    # GIVEN a job that does not end by itself, and a command that waits for it
    with BadServer(_job("RUNNING")) as server:
        server.at("/v1/jobs/job_1/cancel", _job("CANCELLED"))
        environment = {name: value for name, value in os.environ.items() if name not in NO_SETTINGS}
        process = subprocess.Popen(
            [sys.executable, "-m", "optiq_cli", "recompute", "site_1", *DAYS],
            cwd=ROOT,
            env={**environment, "OPTIQ_URL": server.url, "OPTIQ_API_KEY": "ok_1"},
            stderr=subprocess.PIPE,
            text=True,
            # Where the tests run in the background, their children would ignore it.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        asked = threading.Event()
        while not any(each.path == "/v1/jobs/job_1" for each in server.requests):
            assert process.poll() is None
            asked.wait(0.05)

        # WHEN it is interrupted
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)

    # THEN it cancels the job, and says so
    assert (server.requests[-1].method, server.requests[-1].path) == ("POST", "/v1/jobs/job_1/cancel")
    assert (process.returncode, "Error: the job job_1 is cancelled, 1 of 3 days done" in errors) == (1, True)


@pytest.mark.parametrize(
    ("answer", "code", "line"),
    [
        (_job("SUCCEEDED"), 0, "7 conversions checked, 2 got new credits.\n"),
        (_job("SUCCEEDED", days_unchanged=1), 0, "got new credits. 1 days are unchanged.\n"),
        (_job("SUCCEEDED", damaged_files=["a.parquet"]), 0, "Left out: a.parquet, a damaged file.\n"),
        (_job("FAILED", reason="no disk"), 1, "Error: the job job_1 failed: no disk\n"),
    ],
)
def test_recompute_prints_how_the_job_ended(answer: Answer, code: int, line: str) -> None:
    with BadServer(_job("RUNNING"), answer) as server:
        done = optiq("recompute", "site_1", *DAYS, OPTIQ_URL=server.url, OPTIQ_API_KEY="ok_1")

    assert (done.exit_code, line in done.output) == (code, True)
    assert server.requests[0].json() == {"from": "2026-01-01", "to": "2026-01-03", "whole": False}
