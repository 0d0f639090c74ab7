"""The whole system on one machine: the table's server, the worker and the gateway, started and ended together.

`serve` is what `optiq up` does. `attach` lends a command the running system, or the table alone when none runs.
`running_system` runs `serve` in a process of its own, for tests and measurements.
"""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.local import table_access
from infra.local.children import Child
from infra.local.home import ROOT, Home, StartError, home_at
from infra.local.joining import begin
from infra.local.listening import listening, public_url
from infra.local.mappings import MAPPINGS, SUBSCRIBERS
from infra.local.readiness import DiskHasRoom, EventsAreProcessed, Readiness, Runs, TableAnswers
from infra.local.serving import run_gateway
from infra.local.table import free_port
from infra.local.table_elsewhere import table_elsewhere
from infra.local.table_server import key_variable, running_table

_START_SECONDS = 120.0
_STOP_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Running:
    """A system that answers: where, below which folder, as which process."""

    url: str
    home: Home
    pid: int


def serve(home: Home, port: int, on_ready: Callable[[Running], None], *, sample: bool = False) -> None:
    """Runs the system until SIGINT or SIGTERM; `on_ready` is called in a thread of its own once it answers.

    Args:
        sample: the advertising platforms of the sample, and a stand-in of Stripe, run beside it.

    Raises:
        StartError: the folder or the port is taken, or a part is missing or does not start.
    """
    from infra.local.sample.platforms_beside import running_platforms
    from infra.local.sample.stripe_beside import running_stripe_beside

    begin()
    # Until the gateway runs, which ends in its own way.
    for sent in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sent, _exit)
    with (
        home.lock(),
        listening(port) as listener,
        running_table(home) as (table, environment),
        running_platforms(home, wanted=sample) as platforms,
        running_stripe_beside(home, listener.getsockname()[1], wanted=sample) as stripe,
    ):
        environment = {**environment, **platforms, **stripe}
        os.environ.update(environment, OPTIQ_PUBLIC_URL=public_url(listener.getsockname()[1]))
        _bring_up_to_date(environment)
        _load_collection()
        _report_errors_to(f"http://localhost:{listener.getsockname()[1]}")
        worker = Child("worker", [sys.executable, "-m", "infra.local.worker"], environment)
        running = Running(f"http://localhost:{listener.getsockname()[1]}", home, os.getpid())
        table_endpoint = environment["OPTIQ_TABLE_ENDPOINT"]
        home.update_run(
            pid=running.pid,
            url=running.url,
            table_endpoint=table_endpoint,
            own_table=table is not None,
            sample_platforms=bool(platforms),
        )
        try:
            worker.start()
            events = EventsAreProcessed(str(home.stream_file), MAPPINGS)
            facts = EventsAreProcessed(str(home.events_file), SUBSCRIBERS)
            watched = (TableAnswers(table_endpoint), events, facts, DiskHasRoom(home.path))
            readiness = Readiness(
                (*([Runs("table's server", table)] if table else []), Runs("worker", worker)), watched
            )
            run_gateway(home, listener, readiness, lambda: events.late_ms, lambda: on_ready(running))
        finally:
            worker.stop(_STOP_SECONDS / 2)
            home.update_run(pid=None, url=None, table_endpoint=None, sample_platforms=None)


def _bring_up_to_date(environment: Mapping[str, str]) -> None:
    """Imported now, because it reads the settings. Raises StartError."""
    from infra.local.data_version import bring_up_to_date

    bring_up_to_date(environment)


def _load_collection() -> None:
    """Imports what takes events in now, so that a setting it cannot work with ends the start. Raises StartError."""
    from infra.local.handlers import load

    try:
        load("functions.collect.beacon.handler")
    except ValueError as error:
        raise StartError(str(error)) from error


def _report_errors_to(url: str) -> None:
    """Has this system take its own errors in, unless they are to be reported elsewhere."""
    from optiq.kernel.error_reports import VARIABLE
    from optiq.operations.errors import api as errors

    os.environ.setdefault(VARIABLE, errors.own_report_address(url))


def _exit(*_: object) -> None:
    raise SystemExit(0)


@contextmanager
def attach(path: str | None, *, create: bool = False) -> Iterator[Running | None]:
    """Points this process at a folder's system: the running one, or None with only its table started for a while.

    To be entered before anything of `optiq` that reads its settings is imported. Only with `create` may the folder
    be a new one: a command that reads would find nothing there, and say so wrongly.

    Raises:
        StartError: there is no data in the folder, or the table cannot be started.
    """
    home = home_at(path)
    if not (create or home.holds_data):
        raise StartError(f"there is no Optiq data in {home.path}; name its folder with --home or OPTIQ_HOME")
    run = home.read_run()
    if home.is_running() and "table_endpoint" in run:
        key = key_variable(home, protected=bool(run.get("table_protected")))
        elsewhere = table_elsewhere(os.environ)
        if elsewhere is None and not run.get("own_table", True):
            raise StartError(f"the table is at {run['table_endpoint']}: give this command the system's environment")
        own = home.environment(str(run["table_endpoint"])) | key
        with _pointing_at(own | (elsewhere.environment if elsewhere else {})):
            yield Running(str(run["url"]), home, int(run["pid"]))
        return
    with home.lock(), running_table(home) as (_, environment), _pointing_at(environment):
        yield None


@contextmanager
def _pointing_at(environment: Mapping[str, str]) -> Iterator[None]:
    """The process's environment with these values, for the block; its connections to the table are signed."""
    before = dict(os.environ)
    table_access.sign_connections(environment)
    os.environ.update(environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        table_access.sign_connections(os.environ)


@contextmanager
def running_system(
    path: Path, port: int = 0, environment: Mapping[str, str] | None = None, *, sample: bool = False
) -> Iterator[Running]:
    """A system in a process of its own, ended with the block; the sample is loaded while it runs.

    Raises:
        StartError: it did not answer in time, with what it said.
    """
    home = home_at(str(path))
    port = port or free_port()
    command = [
        sys.executable,
        "-m",
        "optiq_cli",
        "up",
        f"--{'' if sample else 'no-'}sample",
        "--port",
        str(port),
        "--home",
        str(path),
    ]
    process = subprocess.Popen(  # noqa: S603 - our own command
        command, cwd=ROOT, env={**os.environ, **(environment or {})}, stdout=subprocess.DEVNULL
    )
    running = Running(f"http://localhost:{port}", home, process.pid)
    try:
        _wait_until_it_answers(running, process)
        yield running
    finally:
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_it_answers(running: Running, process: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + _START_SECONDS
    while True:
        if process.poll() is not None:
            raise StartError(f"the system ended with code {process.returncode}")
        try:
            with urllib.request.urlopen(f"{running.url}/health", timeout=2):  # noqa: S310 - our own address
                return
        except urllib.error.HTTPError as error:
            error.close()
            raise StartError(f"/health answers {error.code}") from error
        except OSError as error:
            if time.monotonic() > give_up:
                raise StartError("the system does not answer") from error
            time.sleep(0.05)
