"""What wakes somebody; docs/operating.md says what each means and what to do."""

from collections.abc import Iterable

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.aws.functions import OptiqFunction
from infra.aws.http_api import HttpApi
from infra.aws.stateful import Failures

_FIVE_MINUTES = Duration.minutes(5)
_LATE_MS = 5 * 60 * 1000
_NAMESPACE, _DAMAGED = "Optiq", "DamagedLakeFiles"


class Alarms(Construct):
    """One SNS topic, to which people subscribe; every alarm tells it."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self.topic = sns.Topic(self, "Topic", display_name="Optiq alarms", enforce_ssl=True)
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                actions=["sns:Publish"],
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                resources=[self.topic.topic_arn],
            )
        )

    def watch_functions(self, functions: Iterable[OptiqFunction]) -> None:
        for function in functions:
            name = _name_of(function)
            self._alarm(f"{name}Errors", function.metric_errors(period=_FIVE_MINUTES), "fails")
            self._alarm(f"{name}Throttles", function.metric_throttles(period=_FIVE_MINUTES), "is throttled")

    def watch_consumers(self, functions: Iterable[OptiqFunction]) -> None:
        for function in functions:
            name = _name_of(function)
            age = function.metric("IteratorAge", statistic="Maximum", period=_FIVE_MINUTES)
            self._alarm(f"{name}Late", age, "is more than five minutes behind the stream", _LATE_MS)

    def watch_failures(self, failures: Failures) -> None:
        waiting = failures.queue.metric_approximate_number_of_messages_visible(
            period=_FIVE_MINUTES, statistic="Maximum"
        )
        self._alarm("FailuresWaiting", waiting, "was given up on and waits for somebody")

    def watch_api(self, http: HttpApi) -> None:
        self._alarm(
            "ApiServerErrors", http.stage.metric_server_error(period=_FIVE_MINUTES, statistic="Sum"), "answers 5xx"
        )

    def watch_lake(self, functions: Iterable[OptiqFunction]) -> None:
        """What a reader of the lake says of a file it cannot read (ports/athena_damage.py, operations/running.py)."""
        said = logs.FilterPattern.all(
            logs.FilterPattern.string_value("$.level", "=", "ERROR"),
            logs.FilterPattern.string_value("$.message", "=", "the lake's file *"),
        )
        for function in functions:
            logs.MetricFilter(
                self,
                f"Damaged{_name_of(function)}",
                log_group=function.log_group,
                filter_pattern=said,
                metric_namespace=_NAMESPACE,
                metric_name=_DAMAGED,
            )
        found = cloudwatch.Metric(namespace=_NAMESPACE, metric_name=_DAMAGED, statistic="Sum", period=_FIVE_MINUTES)
        self._alarm("LakeFileDamaged", found, "is a file of the lake that cannot be read")

    def _alarm(self, name: str, metric: cloudwatch.IMetric, what: str, threshold: float = 0) -> None:
        cloudwatch.Alarm(
            self,
            name,
            alarm_description=f"Optiq {name}: {what} (docs/operating.md)",
            metric=metric,
            threshold=threshold,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        ).add_alarm_action(actions.SnsAction(self.topic))


def _name_of(function: OptiqFunction) -> str:
    return function.node.path.replace("/", "").removeprefix(function.stack.node.id)
