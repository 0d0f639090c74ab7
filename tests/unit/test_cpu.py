"""Which context a test's CPU is counted to."""

import pytest

from tests.support.cpu import BUDGET_SECONDS, Cpu, context_of


@pytest.mark.parametrize(
    ("nodeid", "context"),
    [
        ("tests/functional/links/test_links.py::test_a[x/y::z]", "links"),
        ("tests/unit/links/test_a.py::TestB::test_c", "links"),
        ("tests/browser/test_links.py::test_a", "browser"),
    ],
)
def test_context_is_the_folder_of_a_test(nodeid: str, context: str) -> None:
    assert context_of(nodeid) == context


def test_parts_of_a_test_count_once_and_those_over_the_budget_are_named() -> None:
    cpu, lines = Cpu(), []
    for when in ("setup", "call", "teardown"):
        for context, seconds in (("links", 1.0), ("reports", BUDGET_SECONDS)):
            report = pytest.TestReport(
                f"tests/unit/{context}/test_a.py::test_a", ("", 0, ""), {}, "passed", None, when,  # type: ignore[arg-type]
                user_properties=[("cpu", seconds), ("other", 9.0), ("cpu", 0.5)],
            )  # fmt: skip
            cpu.pytest_runtest_logreport(report)

    class Reporter:
        def section(self, _title: str) -> None: ...

        def write_line(self, line: str) -> None:
            lines.append(line.split())

    cpu.pytest_terminal_summary(Reporter())  # type: ignore[arg-type]

    assert lines[0][:4] == [f"{BUDGET_SECONDS + 0.5}", "reports", "over", "the"]
    assert lines[1] == ["1.5", "links"]
