"""The lake in an S3 bucket. S3 shows an object whole or not at all, so a reader never sees half a file."""

from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa
from botocore.exceptions import ClientError

from optiq.ports.aws_client import AwsError, aws_client, error_code, upstream_error
from optiq.ports.lake import LakeFile
from optiq.ports.lake_listing import files_of_days, pages_of
from optiq.ports.lake_parquet import metadata_of, proved_parquet, read_parquet, write_parquet

_NOT_AS_LISTED = frozenset({"NoSuchKey", "PreconditionFailed", "404", "412"})


class S3Lake:
    """Keeps files at <prefix>/<table>/org=<id>/dt=<day>/<name>.parquet.

    Args:
        address: `s3://bucket` or `s3://bucket/prefix`.
    """

    # Athena lists first and opens later; a query is given up on after two minutes (query_athena.py).
    readers_ms = 10 * 60_000

    def __init__(self, address: str) -> None:
        self._bucket, _, prefix = address.removeprefix("s3://").partition("/")
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._client = aws_client("s3")

    def append(self, table: str, organization_id: str, day: str, name: str, rows: pa.Table) -> str:
        sink = pa.BufferOutputStream()
        write_parquet(rows, sink)
        key = f"{self._prefix}{table}/org={organization_id}/dt={day}/{name}.parquet"
        try:
            answer = self._client.put_object(Bucket=self._bucket, Key=key, Body=sink.getvalue().to_pybytes())
        except AwsError as error:
            raise upstream_error("the lake took no file", error) from error
        return str(answer["ETag"])

    def organizations(self, table: str) -> list[str]:
        start = f"{self._prefix}{table}/org="
        pages = self._pages(Prefix=start, Delimiter="/")
        found = (common["Prefix"] for page in pages for common in page.get("CommonPrefixes", ()))
        return [prefix.removeprefix(start).rstrip("/") for prefix in found]

    def files(self, table: str, organization_id: str, first: str = "", last: str = "9999-12-31") -> Iterator[LakeFile]:
        return files_of_days(self._pages, self._prefix, table, organization_id, first, last)

    def read(self, file: LakeFile) -> pa.Table | None:
        content = self._content(file)
        return None if content is None else read_parquet(file, content)

    def recall(self, file: LakeFile) -> pa.Table | None:  # noqa: ARG002 - the consumers that write are other functions
        return None

    def metadata(self, file: LakeFile) -> Mapping[bytes, bytes] | None:
        def end_of(size: int) -> pa.Buffer | None:
            return self._content(file, **({"Range": f"bytes=-{size}"} if size < file.size else {}))

        return metadata_of(file, end_of)

    def replace(self, file: LakeFile, rows: pa.Table) -> bool:
        content = proved_parquet(file, rows).to_pybytes()
        try:
            self._client.put_object(
                Bucket=self._bucket, Key=f"{self._prefix}{file.path}", Body=content, IfMatch=file.stamp
            )
        except ClientError as error:
            if error_code(error) in _NOT_AS_LISTED:
                return False
            raise upstream_error(f"{file.path} was not replaced", error) from error
        except AwsError as error:
            raise upstream_error(f"{file.path} was not replaced", error) from error
        return True

    def remove(self, file: LakeFile) -> None:
        try:
            self._client.delete_object(Bucket=self._bucket, Key=f"{self._prefix}{file.path}", IfMatch=file.stamp)
        except ClientError as error:
            if error_code(error) not in _NOT_AS_LISTED:
                raise upstream_error(f"{file.path} was not removed", error) from error
        except AwsError as error:
            raise upstream_error(f"{file.path} was not removed", error) from error

    def _content(self, file: LakeFile, **part: str) -> pa.Buffer | None:
        try:
            answer = self._client.get_object(
                Bucket=self._bucket, Key=f"{self._prefix}{file.path}", IfMatch=file.stamp, **part
            )
            return pa.py_buffer(answer["Body"].read())
        except ClientError as error:
            if error_code(error) in _NOT_AS_LISTED:
                return None
            raise upstream_error(f"{file.path} was not read", error) from error
        except AwsError as error:
            raise upstream_error(f"{file.path} was not read", error) from error

    def _pages(self, **arguments: str) -> Iterator[Mapping[str, Any]]:
        return pages_of(self._client, self._bucket, **arguments)
