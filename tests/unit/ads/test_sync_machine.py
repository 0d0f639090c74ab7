"""The machine that reads advertising accounts, as it is written: only what both of its runners understand."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.local.workflow_runner import TASKS

DEFINITION = Path(__file__).parents[3] / "statemachines" / "ad_sync.asl.json"


@pytest.fixture(scope="module")
def machine() -> dict[str, Any]:
    definition: dict[str, Any] = json.loads(DEFINITION.read_text())
    return definition


def test_every_state_is_reached_and_leads_on(machine: dict[str, Any]) -> None:
    reached = {machine["StartAt"]}
    for state in machine["States"].values():
        reached |= {state[name] for name in ("Next", "Default") if name in state}
        reached |= {one["Next"] for one in (*state.get("Catch", ()), *state.get("Choices", ()))}
        assert {"Next", "Default"} & state.keys() or state["Type"] in ("Fail", "Succeed")
    assert reached == machine["States"].keys()


def test_tasks_are_functions_of_ads_and_repeated_on_passing_trouble(machine: dict[str, Any]) -> None:
    tasks = {name: state for name, state in machine["States"].items() if state["Type"] == "Task"}
    assert {task["Resource"] for task in tasks.values()} == {
        f"${{{name.removeprefix('ad_sync.')}FunctionArn}}" for name in TASKS if name.startswith("ad_sync.")
    }
    for task in tasks.values():
        (retry,) = task["Retry"]
        assert retry["ErrorEquals"] == ["States.ALL"] or {"UpstreamError", "VersionError"} <= set(retry["ErrorEquals"])


def test_every_failure_reaches_the_job(machine: dict[str, Any]) -> None:
    (catch,) = machine["States"]["Step"]["Catch"]
    assert catch == {"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Fail"}


def test_only_a_prepared_report_is_waited_for(machine: dict[str, Any]) -> None:
    waits = [state for state in machine["States"].values() if state["Type"] == "Wait"]
    assert [(one["SecondsPath"], one["Next"]) for one in waits] == [("$.step.pause_seconds", "Step")]
