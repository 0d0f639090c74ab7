"""Attribution: credits as conversions arrive, and again over past days, on request and every night."""

from collections.abc import Sequence

from aws_cdk import ArnFormat, Duration, RemovalPolicy, Stack, TimeZone
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.aws.consumers import consume
from infra.aws.functions import ROOT, OptiqFunction, Platform
from infra.aws.schedules import Schedules

_MACHINE = "optiq-attribution-recompute"
_DEFINITION = ROOT / "statemachines" / "attribution_recompute.asl.json"


class Attribution(Construct):
    def __init__(self, scope: Construct, construct_id: str, platform: Platform) -> None:
        super().__init__(scope, construct_id)
        self._platform = platform
        self.on_conversions = self._on_conversions()
        self.machine = self._machine()
        self.routes = self._routes()
        self.nightly = self._nightly()
        for starter in (self.routes, self.nightly):
            starter.add_environment("OPTIQ_RECOMPUTE_MACHINE", self.machine.state_machine_arn)
            self.machine.grant_start_execution(starter)

    def _function(
        self,
        construct_id: str,
        module: str,
        *,
        timeout_seconds: int,
        bulk: bool = True,
        memory_mb: int | None = None,
        shares: Sequence[str] = (),
    ) -> OptiqFunction:
        """A bulk function works on columns: it has the lake's layer, and memory for it."""
        return OptiqFunction(
            self,
            construct_id,
            self._platform,
            handler=f"functions.attribution.{module}.handler",
            memory_mb=memory_mb or (1024 if bulk else 512),
            timeout_seconds=timeout_seconds,
            extra_layers=[self._platform.layers.lake] if bulk else [],
            shares=shares,
        )

    def _on_conversions(self) -> OptiqFunction:
        function = self._function("OnConversions", "on_conversions", timeout_seconds=60)
        self._platform.data.grant_table(function, "GetItem", "BatchGetItem", "Query")
        self._platform.data.lake.grant_append(function, "credits")
        consume(function, self._platform, ("ConversionRecorded",))
        return function

    def _routes(self) -> OptiqFunction:
        function = self._function("Routes", "routes", timeout_seconds=29, shares=("tenancy", "journeys"))
        self._platform.data.grant_table(function, "GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query")
        self._platform.data.grant_index(function)
        self._platform.data.secret.grant_read(function)
        self._platform.data.lake.grant_query(function)
        return function

    def _machine(self) -> sfn.StateMachine:
        data = self._platform.data
        # The paths of ninety days are in memory at once (attribution/learning.py).
        self.fit_models = self._function("FitModels", "fit_models", timeout_seconds=900, memory_mb=3008)
        self.plan = self._function("Plan", "plan_recompute", timeout_seconds=150)
        # A partition's touches, paths and standing credits are in memory at once (recomputing/planning.py).
        self.recompute_partition = self._function(
            "RecomputePartition", "recompute_partition", timeout_seconds=900, memory_mb=3008
        )
        self.finish = self._function("Finish", "finish_recompute", timeout_seconds=30, bulk=False)
        data.grant_table(self.fit_models, "GetItem", "PutItem", "Query")
        data.grant_table(self.plan, "GetItem", "UpdateItem", "Query")
        data.grant_table(self.recompute_partition, "GetItem", "PutItem", "UpdateItem", "Query")
        data.grant_table(self.finish, "GetItem", "UpdateItem")
        data.lake.grant_query(self.fit_models)
        data.lake.grant_query(self.plan)
        data.lake.grant_query(self.recompute_partition)
        data.lake.grant_append(self.recompute_partition, "credits")
        tasks = {
            "FitModelsFunctionArn": self.fit_models.function_arn,
            "PlanFunctionArn": self.plan.function_arn,
            "RecomputePartitionFunctionArn": self.recompute_partition.function_arn,
            "FinishFunctionArn": self.finish.function_arn,
        }
        log_group = logs.LogGroup(
            self,
            "RecomputeLogs",
            # Log groups of this prefix need no entry in the account's one, size-limited log policy.
            log_group_name="/aws/vendedlogs/states/optiq-attribution-recompute",
            retention=logs.RetentionDays.ONE_MONTH,
            removal_policy=RemovalPolicy.DESTROY,
        )
        machine = sfn.StateMachine(
            self,
            "Recompute",
            state_machine_name=_MACHINE,
            definition_body=sfn.DefinitionBody.from_file(str(_DEFINITION)),
            definition_substitutions=tasks,
            timeout=Duration.hours(6),
            tracing_enabled=True,
            logs=sfn.LogOptions(destination=log_group, level=sfn.LogLevel.ALL),
        )
        machine.add_to_role_policy(
            iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=list(tasks.values()))
        )
        self._grant_distributed_map(machine)
        return machine

    def _grant_distributed_map(self, machine: sfn.StateMachine) -> None:
        """A distributed map runs each item as an execution of its own machine, and watches it."""
        stack, by_colon = Stack.of(self), ArnFormat.COLON_RESOURCE_NAME
        itself, children = (
            stack.format_arn(service="states", resource=resource, resource_name=name, arn_format=by_colon)
            for resource, name in (("stateMachine", _MACHINE), ("execution", f"{_MACHINE}:*"))
        )
        for actions, resource in (
            (["states:StartExecution"], itself),
            (["states:DescribeExecution", "states:StopExecution"], children),
        ):
            machine.add_to_role_policy(iam.PolicyStatement(actions=actions, resources=[resource]))

    def _nightly(self) -> OptiqFunction:
        function = self._function("Nightly", "nightly", timeout_seconds=300, bulk=False)
        self._platform.data.grant_table(function, "GetItem", "PutItem")
        self._platform.data.grant_index(function)
        schedules = Schedules(self, self._platform)
        self.schedule_role = schedules.role
        every_night = scheduler.ScheduleExpression.cron(hour="3", minute="0", time_zone=TimeZone.ETC_UTC)
        schedules.add(
            "EveryNight", "Rebuild the credits of the last days, for whatever arrived late", every_night, function
        )
        return function
