"""What outlives deployments on AWS: the table, the stream, the lake."""

import json
from pathlib import Path

import pytest
from optiq.kernel.manifest import lake_tables

from tests.infra.conftest import Stack, synthesise

STATEFUL = [
    "AWS::DynamoDB::Table",
    "AWS::Kinesis::Stream",
    "AWS::S3::Bucket",
    "AWS::SQS::Queue",
    "AWS::SecretsManager::Secret",
]


@pytest.mark.parametrize("kind", STATEFUL)
def test_data_is_kept_when_the_stack_goes(data: Stack, kind: str) -> None:
    kept = [resource for resource in data.resources.values() if resource["Type"] == kind]

    assert kept
    for resource in kept:
        assert resource["DeletionPolicy"] == "Retain"
        assert resource["UpdateReplacePolicy"] == "Retain"


def test_the_service_stack_holds_no_data(service: Stack) -> None:
    assert not [kind for kind in STATEFUL if service.of_type(kind)]


def test_the_table_can_be_restored_to_any_second_and_not_be_dropped(data: Stack) -> None:
    (table,) = data.of_type("AWS::DynamoDB::Table").values()

    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["DeletionProtectionEnabled"] is True
    assert table["TimeToLiveSpecification"] == {"AttributeName": "forget_at", "Enabled": True}
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert [key["AttributeName"] for key in table["KeySchema"]] == ["pk", "sk"]
    (index,) = table["GlobalSecondaryIndexes"]
    assert index["IndexName"] == "gsi1"
    assert [key["AttributeName"] for key in index["KeySchema"]] == ["gsi1pk", "gsi1sk"]


def test_new_items_of_the_table_are_streamed(data: Stack) -> None:
    (table,) = data.of_type("AWS::DynamoDB::Table").values()

    assert table["StreamSpecification"] == {"StreamViewType": "NEW_IMAGE"}


def test_rules_of_the_bus_may_put_what_they_could_not_deliver_into_the_failures_queue(data: Stack) -> None:
    (bus,) = data.of_type("AWS::Events::EventBus").values()
    statements = [
        statement
        for policy in data.of_type("AWS::SQS::QueuePolicy").values()
        for statement in policy["PolicyDocument"]["Statement"]
        if statement.get("Condition", {}).keys() == {"ArnLike"}
    ]

    assert bus["Name"] == "optiq"
    (allowing,) = statements
    assert allowing["Principal"] == {"Service": "events.amazonaws.com"}
    assert allowing["Action"] == "sqs:SendMessage"
    assert "rule/" in json.dumps(allowing["Condition"])


def test_the_stream_is_encrypted_and_remembers_a_week(data: Stack) -> None:
    (stream,) = data.of_type("AWS::Kinesis::Stream").values()

    assert stream["RetentionPeriodHours"] == 7 * 24
    assert stream["StreamEncryption"]["EncryptionType"] == "KMS"
    assert stream["StreamModeDetails"] == {"StreamMode": "ON_DEMAND"}


def test_buckets_are_encrypted_and_refuse_plain_http(data: Stack) -> None:
    policies = data.of_type("AWS::S3::BucketPolicy").values()
    refusing = {
        policy["Bucket"]["Ref"]
        for policy in policies
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Deny" and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    }

    assert refusing == set(data.of_type("AWS::S3::Bucket"))
    assert all("BucketEncryption" in bucket for bucket in data.of_type("AWS::S3::Bucket").values())


def test_glue_tables_are_the_lakes_tables(data: Stack) -> None:
    deployed = {table["TableInput"]["Name"]: table["TableInput"] for table in data.of_type("AWS::Glue::Table").values()}

    assert set(deployed) == set(lake_tables())
    for name, table in lake_tables().items():
        columns = deployed[name]["StorageDescriptor"]["Columns"]
        assert {column["Name"]: column["Type"] for column in columns} == table.columns
        assert [column["Name"] for column in columns] == list(table.columns)
        assert [key["Name"] for key in deployed[name]["PartitionKeys"]] == ["org", "dt"]


def test_a_query_without_an_organization_is_refused_by_the_catalog(data: Stack) -> None:
    for table in data.of_type("AWS::Glue::Table").values():
        parameters = table["TableInput"]["Parameters"]
        assert parameters["projection.enabled"] == "true"
        assert parameters["projection.org.type"] == "injected"
        assert parameters["projection.dt.type"] == "date"
        template = "".join(
            part if isinstance(part, str) else "*" for part in parameters["storage.location.template"]["Fn::Join"][1]
        )
        assert template == f"s3://*/lake/{table['TableInput']['Name']}/org=${{org}}/dt=${{dt}}"


def test_a_query_cannot_scan_without_bound(data: Stack) -> None:
    (workgroup,) = data.of_type("AWS::Athena::WorkGroup").values()

    assert workgroup["WorkGroupConfiguration"]["EnforceWorkGroupConfiguration"] is True
    assert workgroup["WorkGroupConfiguration"]["BytesScannedCutoffPerQuery"] > 0


def test_a_failed_record_rings_through_the_queue(data: Stack) -> None:
    (rule,) = data.of_type("AWS::Events::Rule").values()
    (queue,) = data.of_type("AWS::SQS::Queue")
    (failures,) = (name for name in data.of_type("AWS::S3::Bucket") if name.startswith("Failures"))

    assert rule["EventPattern"]["detail"]["bucket"]["name"] == [{"Ref": failures}]
    assert rule["Targets"][0]["Arn"] == {"Fn::GetAtt": [queue, "Arn"]}
    notifications = data.of_type("AWS::S3::Bucket")[failures]["NotificationConfiguration"]
    assert notifications == {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}


def test_every_finding_of_cdk_nag_is_acknowledged_with_a_reason(assembly: Path) -> None:
    (report,) = json.loads((assembly / "validation-report.json").read_text())["pluginReports"]

    assert report["pluginName"] == "AwsSolutions"
    assert report["violations"] == []
    assert report["suppressedViolations"]
    assert all(len(finding["reason"]) > 20 for finding in report["suppressedViolations"])


def test_a_new_finding_stops_synthesis(tmp_path: Path) -> None:
    from aws_cdk import aws_s3 as s3

    from infra.aws.app import audited_app
    from infra.aws.data import DataStack

    app = audited_app(str(tmp_path / "out"))
    s3.Bucket(DataStack(app, "OptiqData"), "Careless")

    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()


def test_a_missing_layer_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="make build"):
        synthesise(tmp_path, tmp_path / "out")
