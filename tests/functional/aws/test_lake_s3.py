"""The lake port on S3."""

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from optiq.kernel.errors import UpstreamError
from optiq.ports.aws_client import aws_client
from optiq.ports.lake_s3 import S3Lake

BUCKET = "optiq-lake"
ORGANIZATION = "org_01JB0000000000000000000000"


@pytest.fixture
def bucket() -> str:
    aws_client("s3").create_bucket(Bucket=BUCKET)
    return BUCKET


@pytest.mark.parametrize(("address", "prefix"), [(f"s3://{BUCKET}/lake", "lake/"), (f"s3://{BUCKET}", "")])
def test_a_file_lies_in_its_partition_and_reads_back(bucket: str, address: str, prefix: str) -> None:
    rows = pa.table({"touch_id": ["tch_1", "tch_2"], "revision": [1, 2]})

    S3Lake(address).append("touches", ORGANIZATION, "2026-01-31", "part-1", rows)

    key = f"{prefix}touches/org={ORGANIZATION}/dt=2026-01-31/part-1.parquet"
    body = aws_client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    assert pq.read_table(io.BytesIO(body)).equals(rows)


def test_the_same_name_again_replaces_the_file(bucket: str) -> None:
    lake = S3Lake(f"s3://{bucket}/lake")
    for revision in (1, 2):
        lake.append("touches", ORGANIZATION, "2026-01-31", "part-1", pa.table({"revision": [revision]}))

    (stored,) = aws_client("s3").list_objects_v2(Bucket=bucket)["Contents"]
    body = aws_client("s3").get_object(Bucket=bucket, Key=stored["Key"])["Body"].read()
    assert pq.read_table(io.BytesIO(body)).to_pydict() == {"revision": [2]}


def test_a_missing_bucket_is_an_error() -> None:
    with pytest.raises(UpstreamError, match="NoSuchBucket"):
        S3Lake("s3://no-such-bucket/lake").append("touches", ORGANIZATION, "2026-01-31", "part-1", pa.table({"a": [1]}))
