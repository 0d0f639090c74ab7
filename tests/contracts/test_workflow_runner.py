"""The workflow runner's contract: the states we use, as Amazon States Language and Step Functions document them.

https://states-language.net/spec.html and https://docs.aws.amazon.com/step-functions/latest/dg/concepts-states.html
"""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.local.workflow_runner import TASKS
from tests.support.workflows import Bench, task

ROOT = Path(__file__).parents[2]


@pytest.fixture
def calls() -> list[Any]:
    """What the tasks were called with."""
    return []


@pytest.fixture
def bench(tmp_path: Path, calls: list[Any]) -> Iterator[Bench]:
    class ThrottledError(Exception):
        pass

    def double(event: Any, context: object) -> object:
        calls.append(event)
        return {"doubled": event["n"] * 2}

    def fail(event: Any, context: object) -> object:
        calls.append(event)
        raise ThrottledError("too fast")

    def fail_twice(event: Any, context: object) -> object:
        calls.append(event)
        if len(calls) <= 2:
            raise ThrottledError("too fast")
        return "at last"

    tasks = {"Double": double, "Fail": fail, "FailTwice": fail_twice}
    bench = Bench(tmp_path, tasks)
    yield bench
    bench.close()


def test_task_output_is_the_functions_answer(bench: Bench, calls: list[Any]) -> None:
    status, output = bench.run({"A": task("Double")}, "A", {"n": 21})
    assert (status, output) == ("SUCCEEDED", {"doubled": 42})
    assert calls == [{"n": 21}]


def test_lambda_invoke_integration_wraps_the_payload(bench: Bench) -> None:
    state = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": "${DoubleFunctionArn}", "Payload.$": "$"},
        "OutputPath": "$.Payload",
        "End": True,
    }
    assert bench.run({"A": state}, "A", {"n": 1}) == ("SUCCEEDED", {"doubled": 2})


def test_paths_shape_what_goes_in_and_out(bench: Bench, calls: list[Any]) -> None:
    state = task(
        "Double",
        InputPath="$.inner",
        Parameters={"n.$": "$.count", "run.$": "$$.Execution.Name", "fixed": True},
        ResultSelector={"result.$": "$.doubled"},
        ResultPath="$.answer",
    )
    status, output = bench.run({"A": state}, "A", {"inner": {"count": 3}, "kept": 1})
    assert status == "SUCCEEDED"
    assert calls == [{"n": 3, "run": "run-1", "fixed": True}]
    # ResultPath sets the result into the state's raw input.
    assert output == {"inner": {"count": 3}, "kept": 1, "answer": {"result": 6}}


def test_null_result_path_keeps_the_input(bench: Bench) -> None:
    assert bench.run({"A": task("Double", ResultPath=None)}, "A", {"n": 3}) == ("SUCCEEDED", {"n": 3})


def test_map_keeps_the_order_and_passes_each_item(bench: Bench, calls: list[Any]) -> None:
    state = {
        "Type": "Map",
        "ItemsPath": "$.items",
        "MaxConcurrency": 4,
        "ItemSelector": {"n.$": "$$.Map.Item.Value", "index.$": "$$.Map.Item.Index", "site.$": "$.site"},
        "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "B", "States": {"B": task("Double")}},
        "End": True,
    }
    status, output = bench.run({"A": state}, "A", {"items": [5, 6, 7], "site": "s"})
    assert (status, output) == ("SUCCEEDED", [{"doubled": 10}, {"doubled": 12}, {"doubled": 14}])
    assert sorted(calls, key=lambda call: call["index"])[2] == {"n": 7, "index": 2, "site": "s"}


def test_distributed_map_gives_each_item_as_input_and_keeps_the_order(bench: Bench, calls: list[Any]) -> None:
    # Given a distributed map, one of whose items fails and is caught
    catch = [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "C"}]
    state = {
        "Type": "Map",
        "ItemsPath": "$.items",
        "MaxConcurrency": 2,
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "B",
            "States": {
                "B": task("Double", Catch=catch),
                "C": {"Type": "Pass", "Parameters": {"failed.$": "$.error.Error"}, "End": True},
            },
        },
        "ResultPath": "$.outcomes",
        "End": True,
    }

    status, output = bench.run({"A": state}, "A", {"items": [{"n": 5}, {"m": 6}, {"n": 7}], "kept": 1})

    assert status == "SUCCEEDED"
    assert output["kept"] == 1
    assert output["outcomes"] == [{"doubled": 10}, {"failed": "KeyError"}, {"doubled": 14}]
    assert sorted(map(str, calls)) == ["{'m': 6}", "{'n': 5}", "{'n': 7}"]


def test_map_over_nothing_is_an_empty_list(bench: Bench) -> None:
    state = {"Type": "Map", "ItemProcessor": {"StartAt": "B", "States": {"B": task("Double")}}, "End": True}
    assert bench.run({"A": state}, "A", []) == ("SUCCEEDED", [])


def test_choice_takes_the_first_rule_that_holds(bench: Bench) -> None:
    states = {
        "A": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.n", "NumericGreaterThan": 10, "Next": "Big"}],
            "Default": "Small",
        },
        "Big": {"Type": "Succeed"},
        "Small": {"Type": "Pass", "Result": "small", "End": True},
    }
    assert bench.run(states, "A", {"n": 3}) == ("SUCCEEDED", "small")


@pytest.mark.parametrize("seconds", [0, 1])
def test_wait_pauses_for_the_seconds_at_its_path_and_keeps_the_input(bench: Bench, seconds: int) -> None:
    states = {
        "A": {"Type": "Wait", "SecondsPath": "$.pause_seconds", "Next": "B"},
        "B": {"Type": "Succeed"},
    }
    started = time.monotonic()
    assert bench.run(states, "A", {"pause_seconds": seconds}) == ("SUCCEEDED", {"pause_seconds": seconds})
    assert time.monotonic() - started >= seconds


def test_fail_ends_with_its_error_and_cause(bench: Bench) -> None:
    state = {"Type": "Fail", "Error": "NoGood", "Cause": "because"}
    assert bench.run({"A": state}, "A") == ("FAILED", {"error": "NoGood", "cause": "because"})


def test_an_unhandled_error_fails_the_execution_by_its_name(bench: Bench) -> None:
    status, output = bench.run({"A": task("Fail")}, "A", {})
    assert status == "FAILED"
    assert output["error"] == "ThrottledError"
    assert json.loads(output["cause"])["errorMessage"] == "too fast"


def test_retry_matches_errors_by_name_up_to_its_attempts(bench: Bench, calls: list[Any]) -> None:
    retry = [{"ErrorEquals": ["ThrottledError"], "IntervalSeconds": 1, "BackoffRate": 1.0, "MaxAttempts": 2}]
    assert bench.run({"A": task("FailTwice", Retry=retry)}, "A", {}) == ("SUCCEEDED", "at last")
    assert len(calls) == 3


def test_retry_of_another_error_does_not_apply(bench: Bench, calls: list[Any]) -> None:
    retry = [{"ErrorEquals": ["OtherError"], "IntervalSeconds": 1, "MaxAttempts": 2}]
    status, _ = bench.run({"A": task("Fail", Retry=retry)}, "A", {})
    assert (status, len(calls)) == ("FAILED", 1)


def test_catch_goes_on_with_the_error(bench: Bench) -> None:
    catch = [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.failure", "Next": "B"}]
    states = {"A": task("Fail", Catch=catch), "B": {"Type": "Pass", "End": True}}
    status, output = bench.run(states, "A", {"job": "j"})
    assert (status, output["job"], output["failure"]["Error"]) == ("SUCCEEDED", "j", "ThrottledError")


def test_the_same_name_is_one_execution(bench: Bench) -> None:
    states = {"A": {"Type": "Succeed"}}
    bench.start(states, "A", {"n": 1})
    bench.start(states, "A", {"n": 2})
    assert bench.runner.run_next() is not None
    assert bench.runner.run_next() is None


def test_an_execution_left_by_a_crash_is_run_again(bench: Bench) -> None:
    bench.start({"A": task("Double")}, "A", {"n": 1})
    with bench.log.transaction() as connection:
        connection.execute("UPDATE executions SET status = 'RUNNING'")
    assert bench.runner.run_next() is not None
    assert bench.log.connection().execute("SELECT status FROM executions").fetchone() == ("SUCCEEDED",)


def test_a_broken_definition_fails_and_does_not_stop_the_queue(bench: Bench) -> None:
    bench.start({}, "Nowhere", name="broken")
    assert bench.runner.run_next() is not None
    assert bench.log.connection().execute("SELECT status FROM executions").fetchone() == ("FAILED",)


@pytest.mark.parametrize("file", sorted((ROOT / "statemachines").glob("*.asl.json")), ids=lambda file: file.name)
def test_every_substitution_of_our_machines_is_known(file: Path) -> None:
    names = set(re.findall(r"\$\{(\w+?)FunctionArn\}", file.read_text()))
    assert names
    workflow = file.name.removesuffix(".asl.json")
    assert {f"{workflow}.{name}" for name in names} == {name for name in TASKS if name.startswith(f"{workflow}.")}
