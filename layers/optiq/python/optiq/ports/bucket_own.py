"""A folder of our own bucket as a place for files."""

from botocore.exceptions import ClientError

from optiq.ports.aws_client import AwsError, aws_client, error_code, upstream_error
from optiq.ports.bucket import within

_MISSING = frozenset({"NoSuchKey", "404"})


class OwnBucket:
    """S3 shows an object whole or not at all.

    Args:
        address: `s3://bucket/prefix`.
    """

    def __init__(self, address: str) -> None:
        self._bucket, _, self._prefix = address.removeprefix("s3://").partition("/")
        self._client = aws_client("s3")

    def read(self, name: str, most_bytes: int) -> bytes | None:
        try:
            found = self._client.get_object(Bucket=self._bucket, Key=f"{self._prefix}/{name}")
            return within(name, found["Body"].read(most_bytes + 1), most_bytes)
        except ClientError as error:
            if error_code(error) in _MISSING:
                return None
            raise upstream_error(f"{name} could not be read", error) from error
        except AwsError as error:
            raise upstream_error(f"{name} could not be read", error) from error

    def write(self, name: str, content: bytes) -> None:
        try:
            self._client.put_object(Bucket=self._bucket, Key=f"{self._prefix}/{name}", Body=content)
        except AwsError as error:
            raise upstream_error(f"{name} could not be written", error) from error
