"""Operations: the lake's small files are merged, every hour and every night."""

from aws_cdk import TimeZone
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from infra.aws.functions import OptiqFunction, Platform
from infra.aws.schedules import Schedules


class Operations(Construct):
    def __init__(self, scope: Construct, construct_id: str, platform: Platform) -> None:
        super().__init__(scope, construct_id)
        self._platform = platform
        schedules = Schedules(self, platform)
        self.schedule_role = schedules.role
        self.hourly = self._function("Hourly", "hourly")
        self.nightly = self._function("Nightly", "nightly")
        every_hour = scheduler.ScheduleExpression.cron(minute="20", time_zone=TimeZone.ETC_UTC)
        # Before the nightly recomputation, which then reads fewer files.
        every_night = scheduler.ScheduleExpression.cron(hour="1", minute="30", time_zone=TimeZone.ETC_UTC)
        schedules.add("EveryHour", "Merge the lake's small files", every_hour, self.hourly)
        schedules.add("EveryNight", "Make one file of each day of the lake that ended", every_night, self.nightly)

    def _function(self, construct_id: str, module: str) -> OptiqFunction:
        function = OptiqFunction(
            self,
            construct_id,
            self._platform,
            handler=f"functions.operations.{module}.handler",
            # The rows of a merge are in memory twice (optiq/operations/compaction.py).
            memory_mb=3008,
            timeout_seconds=900,
            extra_layers=[self._platform.layers.lake],
        )
        self._platform.data.lake.grant_upkeep(function)
        return function
