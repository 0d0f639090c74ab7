"""The lake port on S3."""

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from optiq.kernel.errors import UpstreamError
from optiq.ports.aws_client import aws_client
from optiq.ports.lake import DamagedFileError, LakeFile
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


def test_the_stamp_of_a_written_file_is_the_one_it_is_listed_with(bucket: str) -> None:
    lake = S3Lake(f"s3://{bucket}/lake")
    stamps = [
        lake.append("touches", ORGANIZATION, "2026-01-31", "part-1", pa.table({"revision": [revision]}))
        for revision in (1, 2)
    ]
    [file] = lake.files("touches", ORGANIZATION)
    assert file.stamp == stamps[1] != stamps[0]


def test_a_missing_bucket_is_an_error() -> None:
    with pytest.raises(UpstreamError, match="NoSuchBucket"):
        S3Lake("s3://no-such-bucket/lake").append("touches", ORGANIZATION, "2026-01-31", "part-1", pa.table({"a": [1]}))


def test_files_are_listed_by_day_read_and_removed(bucket: str) -> None:
    # Given files of three days and of another organization
    lake = S3Lake(f"s3://{bucket}/lake")
    rows = pa.table({"n": list(range(100))}).replace_schema_metadata({"kept": "yes"})
    for day in ("2026-02-01", "2026-01-31", "2026-02-02"):
        lake.append("touches", ORGANIZATION, day, "part", rows)
    lake.append("touches", "_platform", "2026-02-01", "part", rows)

    # When some days are listed
    found = list(lake.files("touches", ORGANIZATION, "2026-01-31", "2026-02-01"))

    # Then they come in order, and can be read and removed
    assert [file.path for file in found] == [
        f"touches/org={ORGANIZATION}/dt=2026-01-31/part.parquet",
        f"touches/org={ORGANIZATION}/dt=2026-02-01/part.parquet",
    ]
    assert sorted(lake.organizations("touches")) == sorted(["_platform", ORGANIZATION])
    read, metadata = lake.read(found[0]), lake.metadata(found[0])
    assert read is not None
    assert read.equals(rows)
    assert metadata is not None
    assert metadata[b"kept"] == b"yes"
    lake.remove(found[0])
    lake.remove(found[0])
    assert lake.read(found[0]) is None
    assert [file.day for file in lake.files("touches", ORGANIZATION)] == ["2026-02-01", "2026-02-02"]


def test_a_file_that_was_replaced_is_neither_read_nor_removed(bucket: str) -> None:
    lake = S3Lake(f"s3://{bucket}/lake")
    place = ("touches", ORGANIZATION, "2026-01-31", "part")
    lake.append(*place, pa.table({"n": [1]}))
    (file,) = lake.files("touches", ORGANIZATION)
    lake.append(*place, pa.table({"n": [2]}))

    assert lake.read(file) is None
    assert lake.metadata(file) is None
    lake.remove(file)

    (other,) = lake.files("touches", ORGANIZATION)
    rows = lake.read(other)
    assert rows is not None
    assert rows.to_pydict() == {"n": [2]}


@pytest.mark.parametrize("content", [b"", b"not Parquet", b"PAR1" + bytes(40) + b"PAR1", bytes(300_000)])
def test_a_damaged_file_is_named(bucket: str, content: bytes) -> None:
    lake = S3Lake(f"s3://{bucket}/lake")
    key = f"lake/touches/org={ORGANIZATION}/dt=2026-01-31/torn.parquet"
    aws_client("s3").put_object(Bucket=bucket, Key=key, Body=content)
    (file,) = lake.files("touches", ORGANIZATION)

    for ask in (lake.read, lake.metadata):
        with pytest.raises(DamagedFileError, match=r"dt=2026-01-31/torn\.parquet cannot be read"):
            ask(file)


def test_a_bucket_that_does_not_answer_is_an_error() -> None:
    lake = S3Lake("s3://no-such-bucket/lake")
    file = LakeFile("touches", ORGANIZATION, "2026-01-31", "part", 1, "stamp", 0)
    for ask in (lambda: list(lake.files("touches", ORGANIZATION)), lambda: lake.organizations("touches"),
                lambda: lake.read(file), lambda: lake.remove(file)):  # fmt: skip
        with pytest.raises(UpstreamError, match="NoSuchBucket"):
            ask()
