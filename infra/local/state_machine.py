"""One execution of an Amazon States Language definition, by moto's interpreter.

The interpreter is moto's; its tasks are ours. It reaches Lambda through one client, made by `boto_client_for`,
and here gets our own, which calls a function of ours. No endpoint and no AWS mock takes part. Several executions may
run at once: what the interpreter shares between them is named below, and tests run many side by side.
tests/contracts/test_workflow_runner.py holds the states we use to their documented behaviour.
"""

import io
import json
import logging
import threading
import traceback
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from moto.stepfunctions.parser.api import StateMachineType
from moto.stepfunctions.parser.asl.component.eval_component import EvalComponent
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils
from moto.stepfunctions.parser.asl.component.state.exec.state_task.credentials import StateCredentials
from moto.stepfunctions.parser.asl.eval.evaluation_details import (
    AWSExecutionDetails,
    EvaluationDetails,
    ExecutionDetails,
    StateMachineDetails,
)
from moto.stepfunctions.parser.asl.eval.program_state import ProgramEnded, ProgramError
from moto.stepfunctions.parser.asl.parse.preprocessor import Preprocessor
from moto.stepfunctions.parser.backend.execution_worker import SyncExecutionWorker
from moto.stepfunctions.parser.backend.execution_worker_comm import ExecutionWorkerCommunication
from moto.stepfunctions.parser.utils import TMP_THREADS
from optiq.kernel.clock import system_clock, to_rfc3339

from infra.local.task_processes import TaskError

Call = Callable[[str, str], str]
"""Calls a function by its ARN with a JSON payload; returns its JSON answer."""

_ACCOUNT, _REGION = "000000000000", "us-east-1"
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an execution ended; `output` is its JSON, or of a failure {"error", "cause"}."""

    status: str
    output: str


class _LambdaClient:
    """What the interpreter uses of boto3's Lambda client, for one execution."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def invoke(self, FunctionName: str, Payload: bytes = b"{}", **_: object) -> dict[str, Any]:  # noqa: N803
        try:
            answer = self._call(FunctionName, Payload.decode())
        except Exception as error:  # noqa: BLE001 - a function may raise anything, and Lambda reports it like this
            _LOG.warning("the task %s failed", FunctionName.rpartition(":")[2], exc_info=True)
            return {"StatusCode": 200, "FunctionError": "Unhandled", "Payload": _json(_report(error))}
        return {"StatusCode": 200, "ExecutedVersion": "$LATEST", "Payload": io.BytesIO(answer.encode())}


def _report(error: Exception) -> Mapping[str, object]:
    if isinstance(error, TaskError):
        return error.report
    stack = traceback.format_tb(error.__traceback__)
    return {"errorMessage": str(error), "errorType": type(error).__name__, "stackTrace": stack}


def _json(value: object) -> io.BytesIO:
    return io.BytesIO(json.dumps(value).encode())


class _Ended(ExecutionWorkerCommunication):
    def terminated(self) -> None:
        """Nobody waits for it: the execution runs in the caller's thread."""


class _Worker(SyncExecutionWorker):
    def _get_evaluation_entrypoint(self) -> EvalComponent:
        # The parser keeps where it is in a list of its class, which a definition it refuses leaves half full.
        with _PARSING:
            Preprocessor._query_language_per_scope.clear()
            return super()._get_evaluation_entrypoint()


_PARSING = threading.Lock()
_clients: dict[str, _LambdaClient] = {}
"""Of each execution that runs, by the role it takes: the only thing of an execution that the interpreter tells us."""


def _client_for(state_credentials: StateCredentials, **_: object) -> _LambdaClient:
    return _clients[state_credentials.role_arn]


lambda_eval_utils.boto_client_for = _client_for  # type: ignore[attr-defined, assignment]


def execute(definition: str, name: str, input_json: str, call: Call) -> Outcome:
    """Runs one execution to its end, in the caller's thread; others may run in other threads."""
    machine_arn = f"arn:aws:states:{_REGION}:{_ACCOUNT}:stateMachine:optiq"
    role = f"arn:aws:iam::{_ACCOUNT}:role/{uuid.uuid4()}"
    worker = _Worker(
        evaluation_details=EvaluationDetails(
            AWSExecutionDetails(_ACCOUNT, _REGION, role),
            ExecutionDetails(
                arn=f"arn:aws:states:{_REGION}:{_ACCOUNT}:execution:optiq:{name}",
                name=name,
                role_arn=role,
                inpt=json.loads(input_json),
                start_time=to_rfc3339(system_clock()),
            ),
            StateMachineDetails(machine_arn, "optiq", StateMachineType.STANDARD, definition),
        ),
        exec_comm=_Ended(),
        cloud_watch_logging_session=None,
        activity_store={},
    )
    _clients[role] = _LambdaClient(call)
    try:
        worker.start()  # type: ignore[no-untyped-call]
    finally:
        del _clients[role]
        # The interpreter keeps every thread it ever started here.
        TMP_THREADS[:] = [thread for thread in TMP_THREADS if thread.is_alive()]
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
