"""A bucket of S3, or of a store that speaks its language, as the place that files are copied to.

A tenant's is reached with their keys, or with a role of their account that trusts ours; our own as this process is.
What the other side says goes into an error only by its code.
"""

from contextlib import closing
from dataclasses import dataclass
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError

from optiq.ports.aws_client import AwsError, aws_client, client_at, error_code, upstream_error
from optiq.ports.bucket import within

_MISSING = frozenset({"NoSuchKey", "404"})
_ROLE_SECONDS = 3_600


@dataclass(frozen=True, slots=True)
class Keys:
    """Of an access key, or for a while of a role."""

    access_key_id: str
    secret: str
    token: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Attributes:
    region: "" for that of this process.
    endpoint: of a store like S3; "" for AWS's own.
    prefix: names begin so; it ends with a slash or is empty.
    """

    bucket: str
    prefix: str
    region: str = ""
    endpoint: str = ""


class S3Bucket:
    """S3 shows an object whole or not at all. Without keys it is a bucket of our own."""

    def __init__(self, place: Place, keys: Keys | None = None) -> None:
        self._place = place
        self._client = _client_with(place, keys) if keys else aws_client("s3")

    def read(self, name: str, most_bytes: int) -> bytes | None:
        try:
            answer = self._client.get_object(**self._named(name))
            with closing(answer["Body"]) as body:
                content: bytes = body.read(most_bytes + 1)
        except AwsError as error:
            if isinstance(error, ClientError) and error_code(error) in _MISSING:
                return None
            raise upstream_error(f"{name} could not be read", error) from error
        return within(name, content, most_bytes)

    def write(self, name: str, content: bytes) -> None:
        try:
            self._client.put_object(**self._named(name), Body=content)
        except AwsError as error:
            raise upstream_error(f"{name} could not be written", error) from error

    def remove(self, name: str) -> None:
        try:
            self._client.delete_object(**self._named(name))
        except AwsError as error:
            raise upstream_error(f"{name} could not be removed", error) from error

    def _named(self, name: str) -> dict[str, Any]:
        return {"Bucket": self._place.bucket, "Key": f"{self._place.prefix}{name}"}


def own_bucket(address: str) -> S3Bucket:
    """The bucket of `s3://bucket/prefix`."""
    bucket, _, prefix = address.removeprefix("s3://").partition("/")
    return S3Bucket(Place(bucket, f"{prefix}/"))


def _client_with(place: Place, keys: Keys) -> Any:
    # Stores like S3 know neither a host for each bucket nor the sums that AWS's clients add of late.
    config = Config(
        s3={"addressing_style": "path" if place.endpoint else "auto"}, request_checksum_calculation="when_required"
    )
    given = (keys.access_key_id, keys.secret, keys.token)
    return client_at("s3", place.region, place.endpoint, *given, config)


def keys_of_role(role_arn: str, external_id: str) -> Keys:
    """Keys of a role of another account, which trusts ours for this external id. Raises UpstreamError."""
    try:
        answer = aws_client("sts").assume_role(
            RoleArn=role_arn,
            RoleSessionName="optiq-warehouse",
            ExternalId=external_id,
            DurationSeconds=_ROLE_SECONDS,
        )
    except AwsError as error:
        raise upstream_error("the role could not be taken on", error) from error
    found = answer["Credentials"]
    return Keys(found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"])
