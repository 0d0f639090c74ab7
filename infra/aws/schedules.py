"""How the clock invokes a context's functions: the same contract for every schedule."""

from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as targets
from constructs import Construct

from infra.aws.functions import OptiqFunction, Platform


class Schedules:
    """The schedules of one context, which share a role. What fails for good goes to the failures' queue."""

    def __init__(self, scope: Construct, platform: Platform) -> None:
        self._scope = scope
        self._queue = platform.data.failures.queue
        self.role = iam.Role(scope, "ScheduleRole", assumed_by=iam.ServicePrincipal("scheduler.amazonaws.com"))

    def add(
        self,
        construct_id: str,
        description: str,
        when: scheduler.ScheduleExpression,
        function: OptiqFunction,
        *,
        retry_attempts: int = 3,
    ) -> None:
        scheduler.Schedule(
            self._scope,
            construct_id,
            description=description,
            schedule=when,
            target=targets.LambdaInvoke(
                function, dead_letter_queue=self._queue, retry_attempts=retry_attempts, role=self.role
            ),
        )
