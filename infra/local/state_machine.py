"""One execution of an Amazon States Language definition, by moto's interpreter.

The interpreter is moto's; its tasks are ours. It reaches Lambda through one client, made by `boto_client_for`,
and here gets our own, which calls a function of this process. No endpoint and no AWS mock takes part.
tests/contracts/test_workflow_runner.py holds the states we use to their documented behaviour.
"""

import io
import json
import logging
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from moto.stepfunctions.parser.api import StateMachineType
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils
from moto.stepfunctions.parser.asl.eval.evaluation_details import (
    AWSExecutionDetails,
    EvaluationDetails,
    ExecutionDetails,
    StateMachineDetails,
)
from moto.stepfunctions.parser.asl.eval.program_state import ProgramEnded, ProgramError
from moto.stepfunctions.parser.backend.execution_worker import SyncExecutionWorker
from moto.stepfunctions.parser.backend.execution_worker_comm import ExecutionWorkerCommunication
from moto.stepfunctions.parser.utils import TMP_THREADS
from optiq.kernel.clock import system_clock, to_rfc3339

Call = Callable[[str, str], str]
"""Calls a function by its ARN with a JSON payload; returns its JSON answer."""

_ACCOUNT, _REGION = "000000000000", "us-east-1"
_ROLE = f"arn:aws:iam::{_ACCOUNT}:role/optiq-workflows"
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an execution ended; `output` is its JSON, or of a failure {"error", "cause"}."""

    status: str
    output: str


class _LambdaClient:
    """What the interpreter uses of boto3's Lambda client."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.call: Call | None = None

    def invoke(self, FunctionName: str, Payload: bytes = b"{}", **_: object) -> dict[str, Any]:  # noqa: N803
        if self.call is None:
            raise RuntimeError("no execution is running")
        try:
            answer = self.call(FunctionName, Payload.decode())
        except Exception as error:  # noqa: BLE001 - a function may raise anything, and Lambda reports it like this
            _LOG.warning("the task %s failed", FunctionName, exc_info=True)
            failure = {
                "errorMessage": str(error),
                "errorType": type(error).__name__,
                "stackTrace": traceback.format_tb(error.__traceback__),
            }
            return {
                "StatusCode": 200,
                "FunctionError": "Unhandled",
                "Payload": io.BytesIO(json.dumps(failure).encode()),
            }
        return {"StatusCode": 200, "ExecutedVersion": "$LATEST", "Payload": io.BytesIO(answer.encode())}


class _Ended(ExecutionWorkerCommunication):
    def terminated(self) -> None:
        """Nobody waits for it: the execution runs in the caller's thread."""


_client = _LambdaClient()
lambda_eval_utils.boto_client_for = lambda **_: _client  # type: ignore[attr-defined, assignment]


def execute(definition: str, name: str, input_json: str, call: Call) -> Outcome:
    """Runs one execution to its end, one at a time in a process."""
    machine_arn = f"arn:aws:states:{_REGION}:{_ACCOUNT}:stateMachine:optiq"
    worker = SyncExecutionWorker(
        evaluation_details=EvaluationDetails(
            AWSExecutionDetails(_ACCOUNT, _REGION, _ROLE),
            ExecutionDetails(
                arn=f"arn:aws:states:{_REGION}:{_ACCOUNT}:execution:optiq:{name}",
                name=name,
                role_arn=_ROLE,
                inpt=json.loads(input_json),
                start_time=to_rfc3339(system_clock()),
            ),
            StateMachineDetails(machine_arn, "optiq", StateMachineType.STANDARD, definition),
        ),
        exec_comm=_Ended(),
        cloud_watch_logging_session=None,
        activity_store={},
    )
    with _client.lock:
        _client.call = call
        try:
            worker.start()  # type: ignore[no-untyped-call]
        finally:
            _client.call = None
            # The interpreter keeps every thread it ever started here.
            TMP_THREADS.clear()
    return _outcome(worker)


def _outcome(worker: SyncExecutionWorker) -> Outcome:
    environment = worker.env
    assert environment is not None, "the execution has run"
    state = environment.program_state()
    if isinstance(state, ProgramEnded):
        return Outcome("SUCCEEDED", json.dumps(environment.states.get_input()))
    if isinstance(state, ProgramError):
        failure = state.error or {}
        return Outcome("FAILED", json.dumps({"error": failure.get("error"), "cause": failure.get("cause")}))
    return Outcome("TIMED_OUT", json.dumps({"error": "States.Timeout", "cause": ""}))
