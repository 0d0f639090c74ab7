"""The edge's limits in an object of S3.

It is read on the way of a request, so without botocore's client of S3, whose making takes longer than all else there:
one signed GET, with 300 ms at most.
"""

import os
from functools import lru_cache
from typing import Any

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError, HTTPClientError
from botocore.httpsession import URLLib3Session

from optiq.kernel.errors import UpstreamError
from optiq.ports.aws_client import AwsError, aws_client, session, upstream_error

_SECONDS: Any = (0.3, 0.3)
"""To connect, and to read; botocore's types know one number only."""
_ABSENT, _UNCHANGED = (403, 404), 304
"""Of an object that is not there S3 says 403 to who may not list the bucket."""


class S3EdgeLimits:
    """The port `EdgeLimits`.

    Args:
        address: `s3://bucket/name`.
    """

    poll_seconds = 15.0

    def __init__(self, address: str) -> None:
        self._bucket, _, self._name = address.removeprefix("s3://").partition("/")

    def read(self, tag: str) -> tuple[bytes, str] | None:
        request = AWSRequest("GET", self._url(), headers={"If-None-Match": tag} if tag else {})
        credentials = session().get_credentials()
        if credentials is None:
            raise UpstreamError("the edge's limits could not be read: no credentials", retryable=True)
        try:
            S3SigV4Auth(credentials, "s3", _region()).add_auth(request)
            answer = _connections().send(request.prepare())
        except (BotoCoreError, HTTPClientError) as error:
            raise UpstreamError("the edge's limits could not be read", retryable=True) from error
        if answer.status_code == _UNCHANGED:
            return None
        if answer.status_code in _ABSENT:
            return b"", ""
        if answer.status_code != 200:
            raise UpstreamError(f"the edge's limits could not be read: {answer.status_code}", retryable=True)
        return answer.content, answer.headers.get("ETag", "")

    def write(self, content: bytes) -> None:
        try:
            aws_client("s3").put_object(Bucket=self._bucket, Key=self._name, Body=content)
        except AwsError as error:
            raise upstream_error("the edge's limits could not be written", error) from error

    def _url(self) -> str:
        endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
        if endpoint:
            return f"{endpoint.rstrip('/')}/{self._bucket}/{self._name}"
        return f"https://{self._bucket}.s3.{_region()}.amazonaws.com/{self._name}"


@lru_cache(maxsize=1)
def _connections() -> URLLib3Session:
    return URLLib3Session(timeout=_SECONDS)


def _region() -> str:
    return str(session().get_config_variable("region"))
