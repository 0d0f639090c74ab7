"""Attribution: credits as conversions arrive, and again over past days, on request and every night."""

from aws_cdk import Duration, RemovalPolicy, TimeZone
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as targets
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.aws.consumers import consume
from infra.aws.functions import ROOT, OptiqFunction, Platform

_DEFINITION = ROOT / "statemachines" / "attribution_recompute.asl.json"


class Attribution(Construct):
    def __init__(self, scope: Construct, construct_id: str, platform: Platform) -> None:
        super().__init__(scope, construct_id)
        self._platform = platform
        self.on_conversions = self._on_conversions()
        self.routes = OptiqFunction(
            self, "Routes", platform, handler="functions.attribution.routes.handler", timeout_seconds=29
        )
        platform.data.grant_table(self.routes, "GetItem", "Query", "PutItem")
        platform.data.grant_index(self.routes)
        self.machine = self._machine()
        self.nightly = self._nightly()
        for starter in (self.routes, self.nightly):
            starter.add_environment("OPTIQ_RECOMPUTE_MACHINE", self.machine.state_machine_arn)
            self.machine.grant_start_execution(starter)

    def _on_conversions(self) -> OptiqFunction:
        function = self._bulk_function("OnConversions", "on_conversions", timeout_seconds=60)
        self._platform.data.grant_table(function, "GetItem", "Query", "PutItem", "UpdateItem")
        self._platform.data.lake.grant_append(function, "credits")
        consume(function, self._platform, ("ConversionRecorded",))
        return function

    def _bulk_function(self, construct_id: str, module: str, *, timeout_seconds: int) -> OptiqFunction:
        return OptiqFunction(
            self,
            construct_id,
            self._platform,
            handler=f"functions.attribution.{module}.handler",
            memory_mb=1024,
            timeout_seconds=timeout_seconds,
            extra_layers=[self._platform.layers.lake],
        )

    def _machine(self) -> sfn.StateMachine:
        self.plan = self._bulk_function("Plan", "plan_recompute", timeout_seconds=60)
        self.recompute_day = self._bulk_function("RecomputeDay", "recompute_day", timeout_seconds=300)
        self.finish = self._bulk_function("Finish", "finish_recompute", timeout_seconds=60)
        tasks = {
            "PlanFunctionArn": self.plan,
            "RecomputeDayFunctionArn": self.recompute_day,
            "FinishFunctionArn": self.finish,
        }
        machine = sfn.StateMachine(
            self,
            "Recompute",
            definition_body=sfn.DefinitionBody.from_file(str(_DEFINITION)),
            definition_substitutions={name: function.function_arn for name, function in tasks.items()},
            timeout=Duration.hours(6),
            tracing_enabled=True,
            logs=sfn.LogOptions(
                destination=logs.LogGroup(
                    self,
                    "RecomputeLogs",
                    # Step Functions delivers only to groups whose policy it can extend; the prefix keeps that short.
                    log_group_name="/aws/vendedlogs/states/optiq-attribution-recompute",
                    retention=logs.RetentionDays.ONE_MONTH,
                    removal_policy=RemovalPolicy.DESTROY,
                ),
                level=sfn.LogLevel.ALL,
            ),
        )
        machine.add_to_role_policy(
            iam.PolicyStatement(
                actions=["lambda:InvokeFunction"], resources=[function.function_arn for function in tasks.values()]
            )
        )
        for function in tasks.values():
            self._platform.data.grant_table(function, "GetItem", "Query", "PutItem", "UpdateItem")
        self._platform.data.lake.grant_query(self.recompute_day)
        self._platform.data.lake.grant_append(self.recompute_day, "credits")
        return machine

    def _nightly(self) -> OptiqFunction:
        function = OptiqFunction(
            self, "Nightly", self._platform, handler="functions.attribution.nightly.handler", timeout_seconds=300
        )
        self._platform.data.grant_table(function, "GetItem", "Query", "PutItem")
        self._platform.data.grant_index(function)
        self.schedule_role = iam.Role(self, "ScheduleRole", assumed_by=iam.ServicePrincipal("scheduler.amazonaws.com"))
        scheduler.Schedule(
            self,
            "EveryNight",
            description="Rebuild the credits of the last days, for whatever arrived late",
            schedule=scheduler.ScheduleExpression.cron(hour="3", minute="0", time_zone=TimeZone.ETC_UTC),
            target=targets.LambdaInvoke(
                function,
                dead_letter_queue=self._platform.data.failures.queue,
                retry_attempts=3,
                role=self.schedule_role,
            ),
        )
        return function
