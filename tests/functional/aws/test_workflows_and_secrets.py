"""The workflows port on Step Functions, and the secret in Secrets Manager."""

import json

import pytest
from optiq.kernel.errors import UpstreamError
from optiq.ports.aws_client import aws_client
from optiq.ports.secret_manager import read_secret
from optiq.ports.workflows_step_functions import StepFunctionsWorkflows


@pytest.fixture
def machine() -> str:
    definition = {"StartAt": "Wait", "States": {"Wait": {"Type": "Pass", "End": True}}}
    arn: str = aws_client("stepfunctions").create_state_machine(
        name="recompute", definition=json.dumps(definition), roleArn="arn:aws:iam::123456789012:role/recompute"
    )["stateMachineArn"]
    return arn


def test_an_execution_starts_under_its_name(machine: str) -> None:
    StepFunctionsWorkflows().start(machine, "job_1", '{"site_id": "site_1"}')

    (execution,) = aws_client("stepfunctions").list_executions(stateMachineArn=machine)["executions"]
    described = aws_client("stepfunctions").describe_execution(executionArn=execution["executionArn"])
    assert described["name"] == "job_1"
    assert json.loads(described["input"]) == {"site_id": "site_1"}


def test_the_same_name_again_changes_nothing(machine: str) -> None:
    workflows = StepFunctionsWorkflows()
    workflows.start(machine, "job_1", "{}")
    workflows.start(machine, "job_1", '{"other": "input"}')

    assert len(aws_client("stepfunctions").list_executions(stateMachineArn=machine)["executions"]) == 1


def test_a_missing_machine_is_an_error() -> None:
    with pytest.raises(UpstreamError, match="StateMachineDoesNotExist"):
        StepFunctionsWorkflows().start("arn:aws:states:us-east-1:123456789012:stateMachine:none", "job_1", "{}")


def test_the_secret_is_read_by_its_arn() -> None:
    arn = aws_client("secretsmanager").create_secret(Name="platform", SecretString="correct horse")["ARN"]

    assert read_secret(arn) == b"correct horse"


def test_a_missing_secret_is_an_error_that_no_retry_helps() -> None:
    with pytest.raises(UpstreamError, match="ResourceNotFoundException") as raised:
        read_secret("arn:aws:secretsmanager:us-east-1:123456789012:secret:none")

    assert not raised.value.retryable
