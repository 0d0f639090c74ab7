"""How a function reads the stream: the same contract for every consumer."""

import jsii
from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_s3 as s3

from infra.aws.findings import accept_wildcard
from infra.aws.functions import OptiqFunction
from infra.aws.neighbours import logical_id
from infra.aws.platform import Platform

# Each invocation writes files to the lake, so a wider window means fewer, larger files, and later reports.
_BATCHING_WINDOW = Duration.seconds(30)
_BATCH_SIZE = 1_000


@jsii.implements(lambda_.IEventSourceDlq)
class FailuresBucket:
    """The bucket as a failure destination. CDK's own would also let the function read and delete what failed."""

    def __init__(self, bucket: s3.IBucket) -> None:
        self._bucket = bucket

    def bind(
        self, _target: lambda_.IEventSourceMapping, target_handler: lambda_.IFunction
    ) -> lambda_.DlqDestinationConfig:
        """The permissions are those Lambda's manual names for an S3 destination."""
        for action, resource in (
            ("s3:PutObject", self._bucket.arn_for_objects("*")),
            ("s3:ListBucket", self._bucket.bucket_arn),
        ):
            target_handler.add_to_role_policy(iam.PolicyStatement(actions=[action], resources=[resource]))
        return lambda_.DlqDestinationConfig(destination=self._bucket.bucket_arn)


def consume(function: OptiqFunction, platform: Platform, message_types: tuple[str, ...]) -> None:
    """Invokes the function with the stream's messages of these types.

    A batch that fails is halved until the bad record stands alone; what still fails after ten tries, or is a day
    old, goes whole to the failures bucket, so one record never holds its shard for the stream's retention.
    """
    failed = f"arn:<AWS::Partition>:s3:::<{logical_id('failures_bucket')}>/*"
    accept_wildcard(function.role, failed, "A failed batch is named by Lambda when it is written.")
    function.add_event_source(
        sources.KinesisEventSource(
            platform.stream,
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            batch_size=_BATCH_SIZE,
            max_batching_window=_BATCHING_WINDOW,
            filters=[lambda_.FilterCriteria.filter({"data": {"type": lambda_.FilterRule.or_(*message_types)}})],
            report_batch_item_failures=True,
            bisect_batch_on_error=True,
            retry_attempts=10,
            max_record_age=Duration.days(1),
            on_failure=FailuresBucket(platform.failed_batches),
        )
    )
