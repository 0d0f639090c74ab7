"""Which contexts the CPU of a run goes to: `make test CPU=1`. It says who is over the budget, and fails nobody."""

import os
from collections import Counter
from collections.abc import Generator

import pytest

BUDGET_SECONDS = 100
"""Of a context's tests together, with the processes they end: less than a minute on two quiet cores."""


class Cpu:
    """Attributes: seconds: of each context's tests so far."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None]:
        return (yield from _noted(item))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None]:
        return (yield from _noted(item))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None]:
        return (yield from _noted(item))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        # The last report of a test has what all three parts took; it comes from whatever process ran the test.
        if report.when == "teardown":
            noted = sum(float(str(seconds)) for name, seconds in report.user_properties if name == "cpu")
            self.seconds[context_of(report.nodeid)] += noted

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.section("seconds of CPU")
        for context, seconds in self.seconds.most_common():
            over = f"  over the budget of {BUDGET_SECONDS}" if seconds > BUDGET_SECONDS else ""
            terminalreporter.write_line(f"{seconds:8.1f}  {context}{over}")


def _noted(item: pytest.Item) -> Generator[None]:
    begun = _spent()
    try:
        return (yield)
    finally:
        item.user_properties.append(("cpu", _spent() - begun))


def _spent() -> float:
    """By this process, and by those it started that have ended."""
    return sum(os.times()[:4])


def context_of(nodeid: str) -> str:
    """The context whose tests a test is among; the folder below `tests/` for one of no context."""
    _, *folders, _ = nodeid.partition("::")[0].split("/")
    return folders[1] if len(folders) > 1 else folders[0]
