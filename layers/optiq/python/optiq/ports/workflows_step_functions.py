"""Long work on Step Functions."""

from botocore.exceptions import ClientError

from optiq.ports.aws_client import AwsError, aws_client, error_code, upstream_error


class StepFunctionsWorkflows:
    """The workflows port; `machine` is the ARN of a state machine."""

    """The workflows port. `machine` is the ARN of a state machine."""

    def __init__(self) -> None:
        self._client = aws_client("stepfunctions")

    def start(self, machine: str, execution_name: str, input_json: str) -> None:
        """Step Functions keeps a name for 90 days after its execution ended."""
        try:
            self._client.start_execution(stateMachineArn=machine, name=execution_name, input=input_json)
        except AwsError as error:
            if isinstance(error, ClientError) and error_code(error) == "ExecutionAlreadyExists":
                return
            raise upstream_error("the workflow was not started", error) from error
