"""Data of an older version is upgraded before anything uses it; that of a later one is refused."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping

from optiq.upgrades import api as upgrades
from optiq.upgrades.contracts import DataVersionError, Progress

from functions.gateway.health import VERSION
from infra.local.home import StartError

Report = Callable[[str], None]
"""Takes a line about the progress."""


def bring_up_to_date(environment: Mapping[str, str]) -> None:
    """Upgrades the data of the table and the lake that this process is pointed at, unless it is of this version.

    In a process of its own, because what it needs in memory is of no use afterwards.

    Raises:
        StartError: a later Optiq wrote the data, or the upgrade failed; starting again goes on with it.
    """
    try:
        data = upgrades.found(VERSION)
        if upgrades.is_current(data):
            upgrades.upgrade(VERSION, lambda _: None)
            return
    except DataVersionError as error:
        raise StartError(str(error)) from error
    command = [sys.executable, "-m", "infra.local.upgrade_process"]
    if subprocess.run(command, env={**os.environ, **environment}, check=False).returncode:  # noqa: S603 - our own
        raise StartError("the upgrade of the data failed, and nothing was started: start again to go on with it")


def require_current() -> None:
    """Raises StartError for data that is to be upgraded first, or of a later Optiq."""
    try:
        upgrades.require_current(VERSION)
    except DataVersionError as error:
        raise StartError(str(error)) from error


def upgrade(report: Report) -> None:
    """Upgrades the data here and now. Raises StartError as above."""
    said: list[str] = []

    def tell(progress: Progress) -> None:
        # A line for each step, and for each hundredth part of one.
        if progress.parts % 100 == 0:
            done = f", {progress.parts:,} parts" if progress.parts else ""
            said.append(progress.what)
            report(
                f"Data version {progress.version}, step {progress.number} of {progress.steps}: {progress.what}{done}"
            )

    try:
        data = upgrades.upgrade(VERSION, tell)
    except DataVersionError as error:
        raise StartError(str(error)) from error
    report(f"The data is of version {data.version}." if said else f"The data is of version {data.version} already.")
