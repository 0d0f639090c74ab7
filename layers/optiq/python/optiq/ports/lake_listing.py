"""The files of the lake's bucket, by listing it. Apart from their rows: who only lists needs no Arrow."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from optiq.ports.aws_client import AwsError, upstream_error
from optiq.ports.lake import LakeFile

_PLACE = re.compile(r"dt=([^/]+)/([^/]+)\.parquet")


class Pages(Protocol):
    def __call__(self, **arguments: str) -> Iterator[Mapping[str, Any]]: ...


def pages_of(client: Any, bucket: str, **arguments: str) -> Iterator[Mapping[str, Any]]:
    """Answers of ListObjectsV2, one after another. Raises UpstreamError."""
    try:
        yield from client.get_paginator("list_objects_v2").paginate(Bucket=bucket, **arguments)
    except AwsError as error:
        raise upstream_error("the lake could not be listed", error) from error


def files_of_days(
    pages: Pages, prefix: str, table: str, organization_id: str, first: str, last: str
) -> Iterator[LakeFile]:
    """As `Lake.files`; `prefix` ends with a slash or is empty."""
    start = f"{prefix}{table}/org={organization_id}/"
    for page in pages(Prefix=start, StartAfter=f"{start}dt={first}"):
        for item in page.get("Contents", ()):
            place = _PLACE.fullmatch(item["Key"].removeprefix(start))
            if place is None:
                continue
            if place[1] > last:
                return
            written_ms = int(item["LastModified"].timestamp() * 1_000)
            yield LakeFile(table, organization_id, place[1], place[2], item["Size"], item["ETag"], written_ms)
