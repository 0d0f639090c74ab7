"""The lake on AWS: one bucket, a Glue table for each that a context has, an Athena workgroup.

No crawler and no partition is ever registered: Athena projects them. `org` is injected, so a statement that does
not name its organization fails instead of reading everybody's files.
"""

from collections.abc import Mapping

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_athena as athena
from aws_cdk import aws_glue as glue
from aws_cdk import aws_s3 as s3
from constructs import Construct
from optiq.kernel.lake_tables import DataClass, LakeTable
from optiq.kernel.manifest import lake_tables
from optiq.ports.query_athena import RESULTS_PREFIX as RESULTS_PREFIX

DATABASE = WORKGROUP = "optiq"
LAKE_PREFIX = "lake"
LIMITS_NAME = "edge/limits.json"
"""The object, beside the lake, that says whose events are refused (optiq/billing/usage/stopping.py)."""
STATUS_PREFIX = "status"
_FIRST_DAY = "2010-01-01"
_SCAN_CUTOFF_BYTES = 20 * 1024**3
_HIVE_PARQUET = "org.apache.hadoop.hive.ql.io.parquet"

_ARCHIVED: Mapping[DataClass, int] = {"EVENTS": 365, "ADS": 730}
"""Days after which files of a class are archived (retention/classes.py says when they are removed)."""


class Lake(Construct):
    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            removal_policy=RemovalPolicy.RETAIN,
            lifecycle_rules=[
                s3.LifecycleRule(prefix=f"{RESULTS_PREFIX}/", expiration=Duration.days(1)),
                s3.LifecycleRule(abort_incomplete_multipart_upload_after=Duration.days(1)),
                *_archiving(),
            ],
        )
        self.address = f"s3://{self.bucket.bucket_name}/{LAKE_PREFIX}"
        database = glue.CfnDatabase(
            self,
            "Database",
            catalog_id=Stack.of(self).account,
            database_input=glue.CfnDatabase.DatabaseInputProperty(name=DATABASE),
        )
        for table in lake_tables().values():
            self._table(table).add_resource_dependency(database)
        athena.CfnWorkGroup(
            self,
            "Workgroup",
            name=WORKGROUP,
            recursive_delete_option=True,
            work_group_configuration=athena.CfnWorkGroup.WorkGroupConfigurationProperty(
                enforce_work_group_configuration=True,
                bytes_scanned_cutoff_per_query=_SCAN_CUTOFF_BYTES,
                publish_cloud_watch_metrics_enabled=True,
                result_configuration=athena.CfnWorkGroup.ResultConfigurationProperty(
                    output_location=f"s3://{self.bucket.bucket_name}/{RESULTS_PREFIX}/",
                    encryption_configuration=athena.CfnWorkGroup.EncryptionConfigurationProperty(
                        encryption_option="SSE_S3"
                    ),
                ),
            ),
        )

    def _table(self, table: LakeTable) -> glue.CfnTable:
        location = f"{self.address}/{table.name}"
        return glue.CfnTable(
            self,
            f"Table{table.name.title().replace('_', '')}",
            catalog_id=Stack.of(self).account,
            database_name=DATABASE,
            table_input=glue.CfnTable.TableInputProperty(
                name=table.name,
                table_type="EXTERNAL_TABLE",
                parameters={
                    "classification": "parquet",
                    "projection.enabled": "true",
                    "projection.org.type": "injected",
                    "projection.dt.type": "date",
                    "projection.dt.format": "yyyy-MM-dd",
                    # Events dated up to a day ahead are taken as they are.
                    "projection.dt.range": f"{_FIRST_DAY},NOW+2DAYS",
                    "storage.location.template": f"{location}/org=${{org}}/dt=${{dt}}",
                },
                partition_keys=[_column("org", "string"), _column("dt", "string")],
                storage_descriptor=glue.CfnTable.StorageDescriptorProperty(
                    columns=[_column(name, kind) for name, kind in table.columns.items()],
                    location=f"{location}/",
                    input_format=f"{_HIVE_PARQUET}.MapredParquetInputFormat",
                    output_format=f"{_HIVE_PARQUET}.MapredParquetOutputFormat",
                    serde_info=glue.CfnTable.SerdeInfoProperty(
                        serialization_library=f"{_HIVE_PARQUET}.serde.ParquetHiveSerDe"
                    ),
                ),
            ),
        )


def _column(name: str, kind: str) -> glue.CfnTable.ColumnProperty:
    return glue.CfnTable.ColumnProperty(name=name, type=kind)


def _archiving() -> list[s3.LifecycleRule]:
    """Files that are seldom read become cheaper to keep. They are read as before, for a price."""
    archive = s3.StorageClass.GLACIER_INSTANT_RETRIEVAL
    return [
        s3.LifecycleRule(
            prefix=f"{LAKE_PREFIX}/{table.name}/",
            transitions=[s3.Transition(storage_class=archive, transition_after=Duration.days(_ARCHIVED[table.data]))],
        )
        for table in lake_tables().values()
        if table.data in _ARCHIVED
    ]
