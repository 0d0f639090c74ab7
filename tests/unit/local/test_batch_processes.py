"""Batches handled in other processes end as those handled here do."""

import os
from collections.abc import Iterator
from dataclasses import replace

import pytest
from optiq.kernel.errors import UpstreamError
from optiq.ports import wiring

from infra.local.batch_processes import BatchError, BatchProcesses
from infra.local.handler_process import NICENESS, SESSION_NICENESS
from infra.local.mappings import Mapping

MAPPING = Mapping("consumer", "tests.unit.local.batch_handlers.names", ("Wanted",))


@pytest.fixture(scope="module")
def batches() -> Iterator[BatchProcesses]:
    wiring.platform_secret()  # a process that joins finds it there
    processes = BatchProcesses([MAPPING])
    yield processes
    processes.close()


def handled(batches: BatchProcesses, handler: str) -> object:
    mapping = replace(MAPPING, handler=f"tests.unit.local.batch_handlers.{handler}")
    return batches.invoke(mapping, 7, {"Records": [{"name": "a"}, {"name": "ü"}]})


def test_a_batch_is_answered_by_another_process(batches: BatchProcesses) -> None:
    assert handled(batches, "names") == {"names": ["a", "ü"], "consumer": "consumer"}
    assert handled(batches, "nothing") is None


def test_a_batch_yields_to_everything_else(batches: BatchProcesses) -> None:
    of_process, of_session = str(handled(batches, "niceness")).split()
    assert int(of_process) == os.nice(0) + NICENESS
    assert int(of_session) == SESSION_NICENESS


def test_a_failure_says_what_it_was_and_is_no_outage(batches: BatchProcesses) -> None:
    with pytest.raises(BatchError, match=r"ValueError: cannot digest this\n(.|\n)*batch_handlers\.py"):
        handled(batches, "fail")


def test_an_outage_stays_one(batches: BatchProcesses) -> None:
    with pytest.raises(UpstreamError, match="the table does not answer") as outage:
        handled(batches, "wait_for_the_table")
    assert outage.value.retryable


def test_an_upstream_failure_that_is_none_to_retry_is_a_failure(batches: BatchProcesses) -> None:
    with pytest.raises(BatchError, match="no such table"):
        handled(batches, "fail_for_good")


def test_a_process_that_is_killed_fails_its_own_batch_only(batches: BatchProcesses) -> None:
    with pytest.raises(BatchError, match="ended before it answered"):
        handled(batches, "vanish")
    assert handled(batches, "nothing") is None


def test_a_batch_waits_while_no_process_can_begin() -> None:
    wiring.platform_secret()
    batches = BatchProcesses([replace(MAPPING, handler="tests.unit.local.no_such_module.handler")])
    try:
        with pytest.raises(UpstreamError, match="can begin") as outage:
            handled(batches, "nothing")
    finally:
        batches.close()
    assert outage.value.retryable
