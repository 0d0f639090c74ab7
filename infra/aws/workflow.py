"""A state machine from `statemachines/`, whose tasks are functions of its context."""

from collections.abc import Mapping

from aws_cdk import ArnFormat, Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct
from optiq.kernel.manifest import Context, Workflow

from infra.aws.findings import accept_wildcard
from infra.aws.functions import OptiqFunction
from infra.aws.platform import ROOT


class WorkflowMachine(Construct):
    def __init__(
        self, scope: Construct, context: Context, workflow: Workflow, functions: Mapping[str, OptiqFunction]
    ) -> None:
        super().__init__(scope, workflow.name.title().replace("_", ""))
        self._workflow = workflow
        name = f"optiq-{workflow.name.replace('_', '-')}"
        tasks = {
            f"{task}FunctionArn": functions[context.handler(module)].function_arn
            for task, module in workflow.tasks.items()
        }
        log_group = logs.LogGroup(
            self,
            "Logs",
            # Log groups of this prefix need no entry in the account's one, size-limited log policy.
            log_group_name=f"/aws/vendedlogs/states/{name}",
            retention=logs.RetentionDays.ONE_MONTH,
            removal_policy=RemovalPolicy.DESTROY,
        )
        self._machine = sfn.StateMachine(
            self,
            "Machine",
            state_machine_name=name,
            definition_body=sfn.DefinitionBody.from_file(str(ROOT / "statemachines" / f"{workflow.name}.asl.json")),
            definition_substitutions=tasks,
            timeout=Duration.hours(workflow.hours),
            tracing_enabled=True,
            logs=sfn.LogOptions(destination=log_group, level=sfn.LogLevel.ALL),
        )
        self._machine.add_to_role_policy(
            iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=list(tasks.values()))
        )
        self._grant_distributed_map(name)
        accept_wildcard(self._machine.role, "*", "Deliveries of logs and traces have no resource to name.")
        accept_wildcard(
            self._machine.role,
            f"arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:{name}:*",
            "A distributed map names the executions of its items when it starts them.",
        )

    def let_start(self, function: OptiqFunction) -> None:
        function.add_environment(self._workflow.setting, self._machine.state_machine_arn)
        self._machine.grant_start_execution(function)

    def _grant_distributed_map(self, name: str) -> None:
        """A distributed map runs each item as an execution of its own machine, and watches it."""
        stack, by_colon = Stack.of(self), ArnFormat.COLON_RESOURCE_NAME
        itself, children = (
            stack.format_arn(service="states", resource=resource, resource_name=of, arn_format=by_colon)
            for resource, of in (("stateMachine", name), ("execution", f"{name}:*"))
        )
        for actions, resource in (
            (["states:StartExecution"], itself),
            (["states:DescribeExecution", "states:StopExecution"], children),
        ):
            self._machine.add_to_role_policy(iam.PolicyStatement(actions=actions, resources=[resource]))
