"""What must outlive every deployment: the table, the stream, the lake, the secret, and what failed."""

from aws_cdk import CfnOutput, Duration, RemovalPolicy, SecretValue, Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sqs as sqs
from constructs import Construct
from optiq.kernel.table import INDEX

from infra.aws.findings import accept
from infra.aws.lake import Lake
from infra.aws.neighbours import share
from infra.aws.subscriptions import BUS

_STRING = dynamodb.AttributeType.STRING


class DataStack(Stack):
    """Every resource here is kept when the stack goes."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id, description="Optiq: data")
        self.table = self._table()
        self.stream = kinesis.Stream(
            self,
            "Stream",
            stream_mode=kinesis.StreamMode.ON_DEMAND,
            encryption=kinesis.StreamEncryption.MANAGED,
            retention_period=Duration.days(7),
            removal_policy=RemovalPolicy.RETAIN,
        )
        self.lake = Lake(self, "Lake")
        self.secret = secretsmanager.Secret(
            self,
            "PlatformSecret",
            description="Every key of Optiq is derived from this; losing it makes every visitor a new one.",
            generate_secret_string=secretsmanager.SecretStringGenerator(password_length=64, exclude_punctuation=True),
            removal_policy=RemovalPolicy.RETAIN,
        )
        self.oauth = secretsmanager.Secret(
            self,
            "OAuthClients",
            description='Our clients at providers: {"GOOGLE": {"client_id": "…", "client_secret": "…"}, "GITHUB": {…}}',
            # Nothing secret yet: the operator puts it in.
            secret_string_value=SecretValue.unsafe_plain_text("{}"),
            removal_policy=RemovalPolicy.RETAIN,
        )
        self.stripe = secretsmanager.Secret(
            self,
            "StripeAccount",
            description='Our account at Stripe: {"secret_key": "…", "webhook_secrets": ["…"], "live": true}',
            # A space is no account: nobody pays, and nothing is limited, until the operator puts one in.
            secret_string_value=SecretValue.unsafe_plain_text(" "),
            removal_policy=RemovalPolicy.RETAIN,
        )
        self.failures = Failures(self, "Failures")
        # Events between contexts. It keeps nothing itself: what it could not deliver is in the failures' queue.
        self.bus = events.EventBus(self, "Bus", event_bus_name=BUS)
        self.failures.take_from_rules_of(self.bus)
        share(
            self,
            table=self.table.table_name,
            table_stream=_stream_of(self.table),
            bus=self.bus.event_bus_name,
            stream=self.stream.stream_name,
            lake=self.lake.bucket.bucket_name,
            secret=self.secret.secret_arn,
            oauth=self.oauth.secret_arn,
            stripe=self.stripe.secret_arn,
            failures_bucket=self.failures.bucket.bucket_name,
            failures_queue=self.failures.queue.queue_arn,
        )
        _accept_findings(self)
        CfnOutput(self, "TableName", value=self.table.table_name)
        CfnOutput(self, "SecretArn", value=self.secret.secret_arn)
        CfnOutput(self, "OAuthSecretArn", value=self.oauth.secret_arn)
        CfnOutput(self, "StripeSecretArn", value=self.stripe.secret_arn)
        CfnOutput(self, "LakeAddress", value=self.lake.address)
        CfnOutput(self, "FailuresBucketName", value=self.failures.bucket.bucket_name)
        CfnOutput(self, "FailuresQueueUrl", value=self.failures.queue.queue_url)

    def _table(self) -> dynamodb.Table:
        table = dynamodb.Table(
            self,
            "Table",
            partition_key=dynamodb.Attribute(name="pk", type=_STRING),
            sort_key=dynamodb.Attribute(name="sk", type=_STRING),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            # Items that end by themselves carry when, in seconds; readers judge by their own instants.
            time_to_live_attribute="forget_at",
            # The relay reads new items of the outbox (infra/aws/subscriptions.py).
            stream=dynamodb.StreamViewType.NEW_IMAGE,
            deletion_protection=True,
            removal_policy=RemovalPolicy.RETAIN,
        )
        table.add_global_secondary_index(
            index_name=INDEX,
            partition_key=dynamodb.Attribute(name="gsi1pk", type=_STRING),
            sort_key=dynamodb.Attribute(name="gsi1sk", type=_STRING),
        )
        return table


class Failures(Construct):
    """Where records go that a consumer gave up on: whole, into a bucket; a queue holds a notice of each.

    A queue alone would hold only the records' positions in the stream, which are lost with its retention.
    """

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            removal_policy=RemovalPolicy.RETAIN,
            lifecycle_rules=[s3.LifecycleRule(expiration=Duration.days(90))],
        )
        self.queue = sqs.Queue(
            self,
            "Queue",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=Duration.days(14),
            removal_policy=RemovalPolicy.RETAIN,
        )
        # The high-level switch would deploy a function of CDK's own just to set this property.
        bucket = self.bucket.node.default_child
        if not isinstance(bucket, s3.CfnBucket):
            raise TypeError("the failures bucket has no CloudFormation resource")
        bucket.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
            event_bridge_configuration=s3.CfnBucket.EventBridgeConfigurationProperty(event_bridge_enabled=True)
        )
        events.Rule(
            self,
            "OnFailure",
            event_pattern=events.EventPattern(
                source=["aws.s3"],
                detail_type=["Object Created"],
                detail={"bucket": {"name": [self.bucket.bucket_name]}},
            ),
            targets=[targets.SqsQueue(self.queue)],
        )

    def take_from_rules_of(self, bus: events.EventBus) -> None:
        """Lets rules of a bus, which are in the stacks of contexts, put into the queue what they could not deliver."""
        rules = Stack.of(self).format_arn(service="events", resource="rule", resource_name=f"{bus.event_bus_name}/*")
        self.queue.add_to_resource_policy(
            iam.PolicyStatement(
                actions=["sqs:SendMessage"],
                principals=[iam.ServicePrincipal("events.amazonaws.com")],
                resources=[self.queue.queue_arn],
                conditions={"ArnLike": {"aws:SourceArn": rules}},
            )
        )


def _stream_of(table: dynamodb.Table) -> str:
    if table.table_stream_arn is None:
        raise TypeError("the table has no stream")
    return table.table_stream_arn


def _accept_findings(data: DataStack) -> None:
    access_logs = "Access logs of a bucket only our own functions and Athena reach; CloudTrail data events tell more."
    accept(data.lake.bucket, "S1", access_logs)
    accept(data.failures.bucket, "S1", access_logs)
    accept(
        data.secret,
        "SMG4",
        "Every identity hash and site key derives from it: after a rotation every visitor would be a stranger.",
    )
    accept(data.oauth, "SMG4", "What providers gave the operator is renewed at the providers.")
    accept(data.stripe, "SMG4", "A key of Stripe is renewed at Stripe.")
    accept(data.failures.queue, "SQS3", "It is a dead-letter queue itself, of the stream and of the schedule.")
