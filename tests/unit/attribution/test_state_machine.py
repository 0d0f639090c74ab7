"""The recompute state machine as it is written: only what both of its runners understand."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.local.workflow_runner import TASKS

DEFINITION = Path(__file__).parents[3] / "statemachines" / "attribution_recompute.asl.json"


def states(machine: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, state in machine["States"].items():
        yield name, state
        if "ItemProcessor" in state:
            yield from states(state["ItemProcessor"])


@pytest.fixture(scope="module")
def machine() -> dict[str, Any]:
    definition: dict[str, Any] = json.loads(DEFINITION.read_text())
    return definition


def test_every_state_is_reached_and_leads_on(machine: dict[str, Any]) -> None:
    for scope in (machine, machine["States"]["RecomputePartitions"]["ItemProcessor"]):
        reached = {scope["StartAt"]}
        for state in scope["States"].values():
            reached |= {state["Next"]} if "Next" in state else set()
            reached |= {catch["Next"] for catch in state.get("Catch", ())}
            assert "Next" in state or state.get("End") or state["Type"] in ("Fail", "Succeed")
        assert reached == scope["States"].keys()


def test_tasks_are_our_functions_and_repeated_on_passing_trouble(machine: dict[str, Any]) -> None:
    tasks = {name: state for name, state in states(machine) if state["Type"] == "Task"}
    assert {task["Resource"] for task in tasks.values()} == {
        f"${{{name.removeprefix('attribution_recompute.')}FunctionArn}}"
        for name in TASKS
        if name.startswith("attribution_recompute.")
    }
    for task in tasks.values():
        (retry,) = task["Retry"]
        assert {"UpstreamError", "Lambda.TooManyRequestsException"} <= set(retry["ErrorEquals"]) or retry[
            "ErrorEquals"
        ] == ["States.ALL"]


def test_every_failure_reaches_the_job(machine: dict[str, Any]) -> None:
    for name in ("Plan", "RecomputePartitions"):
        (catch,) = machine["States"][name]["Catch"]
        assert catch == {"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Fail"}
    assert machine["States"]["Fail"]["Resource"] == machine["States"]["Finish"]["Resource"]
    assert machine["States"]["Fail"]["Next"] == "Failed"


def test_what_cannot_be_learned_keeps_nothing_from_being_credited(machine: dict[str, Any]) -> None:
    (catch,) = machine["States"]["FitModels"]["Catch"]
    assert catch == {"ErrorEquals": ["States.ALL"], "ResultPath": "$.fit", "Next": "Plan"}


def test_a_partition_that_fails_for_good_does_not_stop_the_others(machine: dict[str, Any]) -> None:
    partitions = machine["States"]["RecomputePartitions"]["ItemProcessor"]
    assert partitions["ProcessorConfig"] == {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    (catch,) = partitions["States"]["RecomputePartition"]["Catch"]
    assert catch == {"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "PartitionFailed"}
    # Of what failed only the error is handed on: a state's output is limited.
    assert partitions["States"]["PartitionFailed"]["Parameters"] == {"error.$": "$.error"}


def test_nothing_is_used_that_the_embedded_interpreter_lacks(machine: dict[str, Any]) -> None:
    assert machine.get("QueryLanguage", "JSONPath") == "JSONPath"
    for _, state in states(machine):
        assert state["Type"] in ("Task", "Map", "Pass", "Fail")
        assert not {"ItemBatcher", "ItemReader", "ResultWriter", "Assign", "Arguments", "Output"} & state.keys()
