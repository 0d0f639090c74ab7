"""How the clock invokes a context's functions. What fails for good goes to the failures' queue."""

from collections.abc import Mapping

from aws_cdk import Duration, TimeZone
from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as targets
from constructs import Construct
from optiq.kernel.clock import DAY_MS, HOUR_MS
from optiq.kernel.manifest import Function, Schedule

from infra.aws.findings import accept_wildcard, logical_name
from infra.aws.functions import OptiqFunction
from infra.aws.platform import Platform


def add_schedules(scope: Construct, platform: Platform, functions: Mapping[Function, OptiqFunction]) -> None:
    """Schedules those of a context's functions that have one; they share a role."""
    scheduled = [(function.schedule, made) for function, made in functions.items() if function.schedule]
    if not scheduled:
        return
    role = iam.Role(scope, "ScheduleRole", assumed_by=iam.ServicePrincipal("scheduler.amazonaws.com"))
    for schedule, made in scheduled:
        scheduler.Schedule(
            scope,
            f"{made.node.id}Schedule",
            description=schedule.what,
            schedule=_when(schedule),
            target=targets.LambdaInvoke(
                made, dead_letter_queue=platform.failures, retry_attempts=schedule.retries, role=role
            ),
        )
        reason = "The wildcard stands for the versions of the one scheduled function."
        accept_wildcard(role, f"<{logical_name(made)}.Arn>:*", reason)


def _when(schedule: Schedule) -> scheduler.ScheduleExpression:
    hour, minute = divmod(schedule.minute, 60)
    if schedule.every_ms == DAY_MS:
        return scheduler.ScheduleExpression.cron(hour=str(hour), minute=str(minute), time_zone=TimeZone.ETC_UTC)
    if schedule.every_ms == HOUR_MS:
        return scheduler.ScheduleExpression.cron(minute=str(minute), time_zone=TimeZone.ETC_UTC)
    return scheduler.ScheduleExpression.rate(Duration.millis(schedule.every_ms))
