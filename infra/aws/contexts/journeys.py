"""Journeys: what was collected becomes customers, sessions, touches and conversions, in the table and the lake."""

from aws_cdk import TimeZone
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from infra.aws.consumers import consume
from infra.aws.functions import OptiqFunction, Platform
from infra.aws.schedules import Schedules


class Journeys(Construct):
    def __init__(self, scope: Construct, construct_id: str, platform: Platform) -> None:
        super().__init__(scope, construct_id)
        self.on_events = OptiqFunction(
            self,
            "OnEvents",
            platform,
            handler="functions.journeys.on_events.handler",
            memory_mb=1024,
            timeout_seconds=60,
            extra_layers=[platform.layers.lake],
        )
        data = platform.data
        data.grant_table(self.on_events, "GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem")
        data.stream.grant(self.on_events, "kinesis:PutRecord", "kinesis:PutRecords")
        data.lake.grant_append(self.on_events, "events", "sessions", "touches", "conversions")
        consume(self.on_events, platform, ("EventAccepted", "EventRejected"))
        self.customers = self._customers(platform)
        self.routes = OptiqFunction(
            self,
            "Routes",
            platform,
            handler="functions.journeys.routes.handler",
            timeout_seconds=29,
            shares=("tenancy",),
        )
        data.grant_table(self.routes, "GetItem", "Query", "PutItem")
        data.secret.grant_read(self.routes)
        data.lake.grant_query(self.routes)
        self.sweep = self._sweep(platform)

    def _customers(self, platform: Platform) -> OptiqFunction:
        function = OptiqFunction(
            self,
            "Customers",
            platform,
            handler="functions.journeys.customers.handler",
            memory_mb=1024,
            timeout_seconds=29,
            # Parting two people tells the lake what each did.
            extra_layers=[platform.layers.lake],
            shares=("tenancy",),
        )
        data = platform.data
        data.grant_table(function, "GetItem", "BatchGetItem", "Query", "PutItem")
        data.grant_index(function)
        data.secret.grant_read(function)
        data.stream.grant(function, "kinesis:PutRecord", "kinesis:PutRecords")
        data.lake.grant_append(function, "events", "sessions", "touches", "conversions")
        data.lake.grant_query(function)
        return function

    def _sweep(self, platform: Platform) -> OptiqFunction:
        function = OptiqFunction(
            self,
            "Sweep",
            platform,
            handler="functions.journeys.sweep.handler",
            memory_mb=1024,
            timeout_seconds=900,
            extra_layers=[platform.layers.lake],
        )
        data = platform.data
        data.grant_index(function)
        data.lake.grant_query(function)
        data.lake.grant_append(function, "abandoned_journeys")
        schedules = Schedules(self, platform)
        self.schedule_role = schedules.role
        every_night = scheduler.ScheduleExpression.cron(hour="2", minute="30", time_zone=TimeZone.ETC_UTC)
        schedules.add("EveryNight", "Record which journeys are abandoned", every_night, function)
        return function
