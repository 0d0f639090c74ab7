"""What wakes somebody; docs/operating.md says what each means and what to do."""

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from constructs import Construct
from optiq.kernel.manifest import Function

from infra.aws.functions import OptiqFunction

FIVE_MINUTES = Duration.minutes(5)
NAMESPACE, DAMAGED = "Optiq", "DamagedLakeFiles"
_LATE_MS = 5 * 60 * 1000
_METRICS_IN_ALARM = 10
"""The most that one alarm's expression may name."""


class Alarms(Construct):
    """Every alarm tells the one topic, to which people subscribe."""

    def __init__(self, scope: Construct, construct_id: str, topic: sns.ITopic) -> None:
        super().__init__(scope, construct_id)
        self._topic = topic

    def watch(self, functions: Mapping[Function, OptiqFunction]) -> None:
        """Two alarms for all functions of a context, and one for each that reads the stream.

        Raises:
            ValueError: there are more functions than one alarm can watch.
        """
        made = list(functions.values())
        if len(made) > _METRICS_IN_ALARM:
            raise ValueError(f"one alarm watches {_METRICS_IN_ALARM} functions at most, not {len(made)}")
        self._sum("Errors", {one.node.id: one.metric_errors(period=FIVE_MINUTES) for one in made}, "a function fails")
        throttles = {one.node.id: one.metric_throttles(period=FIVE_MINUTES) for one in made}
        self._sum("Throttles", throttles, "a function is throttled")
        for function, one in functions.items():
            if function.consumes or function.new_items:
                age = one.metric("IteratorAge", statistic="Maximum", period=FIVE_MINUTES)
                self.add(f"{one.node.id}Late", age, "is more than five minutes behind the stream", _LATE_MS)
            if one.reads_lake:
                self._watch_lake(one)

    def add(self, name: str, metric: cloudwatch.IMetric, what: str, threshold: float = 0) -> None:
        cloudwatch.Alarm(
            self,
            name,
            alarm_description=f"Optiq {self.node.scope.node.id if self.node.scope else ''} {name}: {what}"
            " (docs/operating.md)",
            metric=metric,
            threshold=threshold,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        ).add_alarm_action(actions.SnsAction(self._topic))

    def _sum(self, name: str, metrics: Mapping[str, cloudwatch.IMetric], what: str) -> None:
        using = {f"{key[:1].lower()}{key[1:]}": metric for key, metric in metrics.items()}
        expression = cloudwatch.MathExpression(
            expression=" + ".join(f"FILL({key}, 0)" for key in using),
            using_metrics=using,
            period=FIVE_MINUTES,
            label=name,
        )
        self.add(name, expression, what)

    def _watch_lake(self, function: OptiqFunction) -> None:
        """What a reader of the lake says of a file it cannot read (ports/athena_damage.py, operations/running.py)."""
        said = logs.FilterPattern.all(
            logs.FilterPattern.string_value("$.level", "=", "ERROR"),
            logs.FilterPattern.string_value("$.message", "=", "the lake's file *"),
        )
        logs.MetricFilter(
            self,
            f"Damaged{function.node.id}",
            log_group=function.log_group,
            filter_pattern=said,
            metric_namespace=NAMESPACE,
            metric_name=DAMAGED,
        )
