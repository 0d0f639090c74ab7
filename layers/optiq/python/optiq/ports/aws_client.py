"""How the AWS adapters reach AWS: one botocore session, short time-outs, and one reading of what went wrong.

botocore is used directly: importing boto3 on top of it costs a cold start 40 to 60 ms of CPU and gives
nothing here.
"""

from functools import lru_cache
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session, get_session

from optiq.kernel.errors import UpstreamError

AwsError = (ClientError, BotoCoreError)
"""Everything a botocore client raises."""

_CONFIG = Config(
    connect_timeout=2, read_timeout=20, tcp_keepalive=True, retries={"mode": "standard", "max_attempts": 3}
)
_RETRYABLE_CODES = frozenset(
    {
        "ExecutionLimitExceeded",
        "KMSThrottlingException",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "SlowDown",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)


@lru_cache(maxsize=1)
def session() -> Session:
    return get_session()


def aws_client(service: str) -> Any:
    """A client of one AWS service, in the region of this process. Its methods exist only at run time."""
    return session().create_client(service, config=_CONFIG)


def client_at(
    service: str, region: str, endpoint: str, access_key_id: str, secret: str, token: str, config: Config
) -> Any:
    """A client with keys of its own, of a service that may be elsewhere; time-outs as of `aws_client`."""
    return session().create_client(
        service,
        region_name=region,
        endpoint_url=endpoint or None,
        aws_access_key_id=access_key_id,
        aws_secret_access_key=secret,
        aws_session_token=token or None,
        config=_CONFIG.merge(config),
    )


def error_code(error: ClientError) -> str:
    """The service's name for what went wrong, such as ResourceNotFoundException."""
    return str(error.response.get("Error", {}).get("Code", ""))


def upstream_error(what: str, error: ClientError | BotoCoreError) -> UpstreamError:
    """The error callers see. Retryable: throttling, the service's own faults, and no answer at all."""
    if not isinstance(error, ClientError):
        return UpstreamError(f"{what}: {type(error).__name__}", retryable=True)
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    retryable = status >= 500 or error_code(error) in _RETRYABLE_CODES
    return UpstreamError(f"{what}: {error_code(error)}", retryable=retryable)
