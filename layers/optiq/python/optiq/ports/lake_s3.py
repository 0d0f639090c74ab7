"""The lake in an S3 bucket. S3 shows an object whole or not at all, so a reader never sees half a file."""

import pyarrow as pa

from optiq.ports.aws_client import AwsError, aws_client, upstream_error
from optiq.ports.lake_parquet import write_parquet


class S3Lake:
    """Writes <prefix>/<table>/org=<id>/dt=<day>/<name>.parquet.

    Args:
        address: `s3://bucket` or `s3://bucket/prefix`.
    """

    def __init__(self, address: str) -> None:
        self._bucket, _, prefix = address.removeprefix("s3://").partition("/")
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._client = aws_client("s3")

    def append(self, table: str, organization_id: str, day: str, name: str, rows: pa.Table) -> None:
        sink = pa.BufferOutputStream()
        write_parquet(rows, sink)
        key = f"{self._prefix}{table}/org={organization_id}/dt={day}/{name}.parquet"
        try:
            self._client.put_object(Bucket=self._bucket, Key=key, Body=sink.getvalue().to_pybytes())
        except AwsError as error:
            raise upstream_error("the lake took no file", error) from error
