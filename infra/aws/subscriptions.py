"""How events between contexts reach their subscribers: the table's stream, the relay, the bus, and a rule for each.

docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html says what a mapping of the table's stream may have.
"""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_destinations as destinations
from aws_cdk import aws_lambda_event_sources as sources
from constructs import Construct

from infra.aws.consumers import FailuresBucket
from infra.aws.findings import accept_wildcard
from infra.aws.functions import OptiqFunction
from infra.aws.neighbours import logical_id
from infra.aws.platform import Platform

BUS = "optiq"
_A_DAY = Duration.days(1)


def relay(function: OptiqFunction, platform: Platform, sort_key: str) -> None:
    """Invokes the function with new items of the table whose sort key begins so, in their order.

    It tries again for as long as the table's stream remembers them; what is left then goes whole to the failures
    bucket.
    """
    failed = f"arn:<AWS::Partition>:s3:::<{logical_id('failures_bucket')}>/*"
    accept_wildcard(function.role, failed, "A failed batch is named by Lambda when it is written.")
    accept_wildcard(function.role, "*", "DynamoDB lists streams without a resource to name.")
    new_items = {"eventName": ["INSERT"], "dynamodb": {"Keys": {"sk": {"S": [{"prefix": sort_key}]}}}}
    function.add_event_source(
        sources.DynamoEventSource(
            platform.table_with_stream,
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            batch_size=10,
            filters=[lambda_.FilterCriteria.filter(new_items)],
            bisect_batch_on_error=True,
            retry_attempts=10_000,
            max_record_age=_A_DAY,
            on_failure=FailuresBucket(platform.failed_batches),
        )
    )


def subscribe(scope: Construct, function: OptiqFunction, platform: Platform, kinds: tuple[type, ...]) -> None:
    """Invokes the function with each event of these kinds.

    The bus tries for a day to hand an event to Lambda, and Lambda invokes the function three times. What still fails
    goes to the failures' queue.
    """
    function.configure_async_invoke(
        retry_attempts=2, max_event_age=Duration.hours(6), on_failure=destinations.SqsDestination(platform.failures)
    )
    bus = events.EventBus.from_event_bus_name(scope, f"{function.node.id}Bus", BUS)
    for kind in kinds:
        events.Rule(
            scope,
            f"{function.node.id}{kind.__name__}",
            event_bus=bus,
            event_pattern=events.EventPattern(detail_type=[kind.__name__]),
            targets=[
                targets.LambdaFunction(
                    function, retry_attempts=185, max_event_age=_A_DAY, dead_letter_queue=platform.failures
                )
            ],
        )
