"""What a context stands on, as its stack sees it: data and edge by their parameters, layers from the same assets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import get_args

from aws_cdk import ArnFormat, Fn, Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct
from optiq.kernel.error_reports import VARIABLE as ERRORS
from optiq.kernel.manifest import TableAction
from optiq.kernel.table import INDEX
from optiq.ports.mail import MailStream

from infra.aws.findings import accept_wildcard
from infra.aws.lake import DATABASE, LAKE_PREFIX, LIMITS_NAME, RESULTS_PREFIX, STATUS_PREFIX, WORKGROUP
from infra.aws.neighbours import logical_id, shared
from infra.aws.options import options_of

ROOT = Path(__file__).parent.parent.parent
MAIL_SETS = "optiq"
"""The beginning of the names of SES's configuration sets: one for each stream of mail."""


@dataclass(frozen=True, slots=True)
class GeoIp:
    """The operator's GeoIP database, as a layer and as the path a function finds it at."""

    layer: lambda_.LayerVersion
    path: str


class Platform(Construct):
    """Args:
    packages: the folder of the third-party layers (scripts/build_layers.py).
    """

    def __init__(self, scope: Construct, construct_id: str, packages: Path) -> None:
        super().__init__(scope, construct_id)
        self._packages = packages
        self._stack = Stack.of(self)

    @cached_property
    def common(self) -> list[lambda_.ILayerVersion]:
        """Our own code, and the packages of every function."""
        return [
            self._layer("Optiq", ROOT / "layers" / "optiq", "Optiq"),
            self._layer("Core", self._packages / "core", "Packages of every function"),
        ]

    @cached_property
    def columns(self) -> lambda_.LayerVersion:
        return self._layer("Lake", self._packages / "lake", "Arrow and numpy")

    @cached_property
    def stripe_package(self) -> lambda_.LayerVersion:
        return self._layer("Stripe", self._packages / "stripe", "What asks Stripe")

    @cached_property
    def geoip(self) -> GeoIp | None:
        """Raises ValueError for more than one database."""
        folder = self._packages / "geoip"
        files = sorted(folder.glob("*.mmdb"))
        if not files:
            return None
        if len(files) > 1:
            raise ValueError(f"{folder} must hold one .mmdb file, not {len(files)}")
        return GeoIp(self._layer("GeoIp", folder, "GeoIP database"), f"/opt/{files[0].name}")

    @cached_property
    def stream(self) -> kinesis.IStream:
        return kinesis.Stream.from_stream_arn(self, "Stream", self._arn("kinesis", "stream", shared(self, "stream")))

    @cached_property
    def table_with_stream(self) -> dynamodb.ITable:
        return dynamodb.Table.from_table_attributes(
            self, "Table", table_name=shared(self, "table"), table_stream_arn=shared(self, "table_stream")
        )

    @cached_property
    def secret(self) -> secretsmanager.ISecret:
        return secretsmanager.Secret.from_secret_complete_arn(self, "Secret", shared(self, "secret"))

    @cached_property
    def oauth(self) -> secretsmanager.ISecret:
        return secretsmanager.Secret.from_secret_complete_arn(self, "OAuthClients", shared(self, "oauth"))

    @cached_property
    def stripe(self) -> secretsmanager.ISecret:
        return secretsmanager.Secret.from_secret_complete_arn(self, "StripeAccount", shared(self, "stripe"))

    @cached_property
    def failed_batches(self) -> s3.IBucket:
        return s3.Bucket.from_bucket_name(self, "Failures", shared(self, "failures_bucket"))

    @cached_property
    def failures(self) -> sqs.IQueue:
        return sqs.Queue.from_queue_arn(self, "FailuresQueue", shared(self, "failures_queue"))

    @cached_property
    def alarms(self) -> sns.ITopic:
        return sns.Topic.from_topic_arn(self, "Alarms", shared(self, "alarms"))

    @property
    def environment(self) -> dict[str, str]:
        """The variables that all functions share (`kernel/settings.py`). `-c errors=…` is where errors are reported."""
        errors = self.node.try_get_context("errors")
        reported = {ERRORS: str(errors)} if errors else {}
        return reported | {
            "OPTIQ_SUBSTRATE": "aws",
            "OPTIQ_TABLE": shared(self, "table"),
            "OPTIQ_STREAM": shared(self, "stream"),
            "OPTIQ_LAKE": f"s3://{shared(self, 'lake')}/{LAKE_PREFIX}",
            "OPTIQ_DATABASE": DATABASE,
            "OPTIQ_WORKGROUP": WORKGROUP,
            "OPTIQ_SECRET": shared(self, "secret"),
            "OPTIQ_SIGN_UP": options_of(self.node).sign_up,
        }

    def grant_table(self, grantee: lambda_.Function, actions: Iterable[TableAction]) -> None:
        """Allows these actions on items by their own keys."""
        _allow(grantee, [f"dynamodb:{action}" for action in actions], [self._table])

    def grant_index(self, grantee: lambda_.Function) -> None:
        """Allows queries by the second key."""
        _allow(grantee, ["dynamodb:Query"], [f"{self._table}/index/{INDEX}"])

    def grant_stream(self, grantee: lambda_.Function) -> None:
        self.stream.grant(grantee, "kinesis:PutRecord", "kinesis:PutRecords")

    def grant_shards(self, grantee: lambda_.Function) -> None:
        """Allows listing the stream's shards."""
        self.stream.grant(grantee, "kinesis:ListShards")

    def grant_append(self, grantee: lambda_.Function, tables: Sequence[str]) -> None:
        """Allows writing files of these tables of the lake, and nothing else."""
        for table in tables:
            self._accept_files(grantee, f"{LAKE_PREFIX}/{table}", "A file is named by what it holds.")
        _allow(grantee, ["s3:PutObject"], [self._files(f"{LAKE_PREFIX}/{table}") for table in tables])

    def grant_upkeep(self, grantee: lambda_.Function) -> None:
        """Allows listing, reading, writing and removing the lake's files."""
        self._accept_files(grantee, LAKE_PREFIX, "It merges the files of every table and organization.")
        # A removal names the content it is meant for, which takes the right to read it.
        _allow(grantee, ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], [self._files(LAKE_PREFIX)])
        _allow(grantee, ["s3:ListBucket"], [self._lake])

    def grant_status(self, grantee: lambda_.Function) -> None:
        """Allows reading and writing the files of the status page."""
        self._accept_files(grantee, STATUS_PREFIX, "The page and its data are the only files there.")
        _allow(grantee, ["s3:GetObject", "s3:PutObject"], [self._files(STATUS_PREFIX)])
        grantee.add_environment("OPTIQ_STATUS", f"s3://{shared(self, 'lake')}/{STATUS_PREFIX}")

    def grant_queries(self, grantee: lambda_.Function) -> None:
        """Allows SELECTs through the workgroup, and reading what they answer."""
        self._accept_files(grantee, LAKE_PREFIX, "Athena reads with the caller's permissions: any lake table.")
        self._accept_files(grantee, RESULTS_PREFIX, "Athena names each result.")
        tables = f"arn:<AWS::Partition>:glue:<AWS::Region>:<AWS::AccountId>:table/{DATABASE}/*"
        accept_wildcard(grantee.role, tables, "A report may join any of our database's tables.")
        results = self._files(RESULTS_PREFIX)
        glue = [
            self._stack.format_arn(service="glue", resource="catalog"),
            self._stack.format_arn(service="glue", resource="database", resource_name=DATABASE),
            self._stack.format_arn(service="glue", resource="table", resource_name=f"{DATABASE}/*"),
        ]
        workgroup = [self._arn("athena", "workgroup", WORKGROUP)]
        _allow(grantee, ["athena:StartQueryExecution", "athena:StopQueryExecution"], workgroup)
        _allow(grantee, ["athena:GetQueryExecution", "athena:GetQueryResults"], workgroup)
        _allow(grantee, ["glue:GetDatabase", "glue:GetTable", "glue:GetTables", "glue:GetPartitions"], glue)
        _allow(grantee, ["s3:GetObject"], [self._files(LAKE_PREFIX), results])
        _allow(grantee, ["s3:PutObject", "s3:AbortMultipartUpload"], [results])
        _allow(grantee, ["s3:ListBucket", "s3:GetBucketLocation"], [self._lake])

    def grant_mail(self, grantee: lambda_.Function) -> None:
        """Lets a function send mail as the operator's sender, and nobody else."""
        sender = shared(self, "mail_sender")
        names = (sender, Fn.select(1, Fn.split("@", sender)))
        identities = [self._arn("ses", "identity", name) for name in names]
        sets = [
            self._arn("ses", "configuration-set", f"{MAIL_SETS}-{stream.lower()}") for stream in get_args(MailStream)
        ]
        grantee.add_to_role_policy(
            iam.PolicyStatement(
                actions=["ses:SendEmail"],
                resources=[*identities, *sets],
                conditions={"StringEquals": {"ses:FromAddress": sender}},
            )
        )
        grantee.add_environment("OPTIQ_MAIL_SENDER", sender)
        grantee.add_environment("OPTIQ_MAIL_CARRIER", MAIL_SETS)

    def grant_address(self, grantee: lambda_.Function) -> None:
        """Tells a function where people reach the API, for links in mails."""
        grantee.add_environment("OPTIQ_PUBLIC_URL", shared(self, "address"))

    def grant_roles(self, grantee: lambda_.Function) -> None:
        """Allows taking on the roles that tenants made for Optiq in their accounts, by their name's beginning."""
        roles = f"arn:{self._stack.partition}:iam::*:role/OptiqWarehouse*"
        accepted = "arn:<AWS::Partition>:iam::*:role/OptiqWarehouse*"
        accept_wildcard(grantee.role, accepted, "Tenants' accounts are not known; a role trusts one organization's id.")
        _allow(grantee, ["sts:AssumeRole"], [roles])

    def grant_bus(self, grantee: lambda_.Function) -> None:
        """Allows handing on events."""
        bus = shared(self, "bus")
        _allow(grantee, ["events:PutEvents"], [self._arn("events", "event-bus", bus)])
        grantee.add_environment("OPTIQ_BUS", bus)

    def grant_oauth(self, grantee: lambda_.Function) -> None:
        self.oauth.grant_read(grantee)
        grantee.add_environment("OPTIQ_OAUTH", shared(self, "oauth"))

    def grant_stripe(self, grantee: lambda_.Function) -> None:
        self.stripe.grant_read(grantee)
        grantee.add_environment("OPTIQ_STRIPE", shared(self, "stripe"))

    def grant_limits(self, grantee: lambda_.Function) -> None:
        """Allows saying whose events are refused."""
        self._grant_limits(grantee, "s3:PutObject")

    def grant_reading_limits(self, grantee: lambda_.Function) -> None:
        self._grant_limits(grantee, "s3:GetObject")

    def _grant_limits(self, grantee: lambda_.Function, action: str) -> None:
        _allow(grantee, [action], [f"{self._lake}/{LIMITS_NAME}"])
        grantee.add_environment("OPTIQ_LIMITS", f"s3://{shared(self, 'lake')}/{LIMITS_NAME}")

    @property
    def _table(self) -> str:
        return self._arn("dynamodb", "table", shared(self, "table"))

    @property
    def _lake(self) -> str:
        return self._stack.format_arn(
            service="s3", region="", account="", resource=shared(self, "lake"), arn_format=ArnFormat.NO_RESOURCE_NAME
        )

    def _files(self, prefix: str) -> str:
        return f"{self._lake}/{prefix}/*"

    def _accept_files(self, grantee: lambda_.Function, prefix: str, reason: str) -> None:
        files = f"arn:<AWS::Partition>:s3:::<{logical_id('lake')}>/{prefix}/*"
        accept_wildcard(grantee.role, files, reason)

    def _arn(self, service: str, resource: str, name: str) -> str:
        return self._stack.format_arn(service=service, resource=resource, resource_name=name)

    def _layer(self, construct_id: str, folder: Path, description: str) -> lambda_.LayerVersion:
        if not folder.is_dir():
            raise FileNotFoundError(f"{folder} is missing: run `make build` first")
        return lambda_.LayerVersion(
            self,
            construct_id,
            code=lambda_.Code.from_asset(str(folder), exclude=["**/__pycache__"]),
            description=description,
            compatible_architectures=[lambda_.Architecture.ARM_64],
            compatible_runtimes=[lambda_.Runtime.PYTHON_3_14],
        )


def _allow(grantee: lambda_.Function, actions: list[str], resources: list[str]) -> None:
    grantee.grant_principal.add_to_principal_policy(iam.PolicyStatement(actions=actions, resources=resources))
