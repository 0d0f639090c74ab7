"""Looks for the stand-ins' secrets where none may be: in what tests print and log, in files, and in the table.

Every token of a stand-in has a number after `-secret-` (infra/local/ad_platforms/world.py), as no other text has.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

_SECRET = re.compile(rb"(?:ya29|EAA-[a-z]+|tt|tt-refresh|1//refresh)-secret-\d+|app-secret-of-optiq")
_COMMON = b"-secret-"
_APP = b"app-secret-of-optiq"


def find(text: bytes) -> set[str]:
    """The secrets in a text."""
    if _COMMON not in text and _APP not in text:
        return set()
    return {one.decode() for one in _SECRET.findall(text)}


def find_in_files(folder: Path) -> dict[str, set[str]]:
    """The secrets in each file of a folder that has some. A file that is removed meanwhile has none."""
    found: dict[str, set[str]] = {}
    for place, _, names in os.walk(folder):  # It passes over folders that are gone.
        for file in (Path(place, name) for name in names):
            with suppress(OSError):
                if file.is_file() and (secrets := find(file.read_bytes())):
                    found[str(file.relative_to(folder))] = secrets
    return found


@contextmanager
def watched_table() -> Iterator[None]:
    """Whatever is asked of the table meanwhile has no secret. Raises AssertionError at its end."""
    from optiq.kernel.table import connection  # It needs the environment that tests/conftest.py sets.

    found: set[str] = set()

    def look(request: Any, **_: object) -> None:
        body = request.body
        found.update(find(body.encode() if isinstance(body, str) else body or b""))

    events = connection().client.meta.events
    events.register("before-send.dynamodb", look)
    try:
        yield
    finally:
        events.unregister("before-send.dynamodb", look)
    assert not found, f"the table was sent {sorted(found)}"


class Spills:
    """The hooks of pytest: a run that printed, logged or left a secret somewhere fails, and says where.

    Args:
        folder: of everything that a test process writes. Each process looks through its own.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._found: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test that failed shows its world, and fails the run anyway."""
        if report.passed:
            for name, text in report.sections:
                if secrets := find(text.encode()):
                    self._found.append(f"{report.nodeid}, {name}: {sorted(secrets)}")

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """A process of xdist has ended, and says what it left."""
        self._found += getattr(node, "workeroutput", {}).get("spilled", ())

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        left = [f"{file}: {sorted(secrets)}" for file, secrets in find_in_files(self._folder).items()]
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output["spilled"] = left
            return
        self._found += left
        if self._found:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if self._found:
            terminalreporter.section("Secrets of advertising platforms where none may be", red=True)
            for line in self._found:
                terminalreporter.write_line(line)
