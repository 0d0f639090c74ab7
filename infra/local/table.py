"""The table on one machine: Dynoxide, a DynamoDB-compatible server over one SQLite file."""

import platform
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError, WaiterError
from botocore.exceptions import ConnectionError as NoConnectionError

from infra.local.home import ROOT, TABLE, StartError

_CPU = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}
_PATIENCE_SECONDS = 60.0


def binary() -> Path:
    """The server of this platform. Raises StartError when it is not installed."""
    package = f"{sys.platform}-{_CPU.get(platform.machine().lower(), platform.machine())}"
    file = ROOT / "node_modules" / "@dynoxide" / package / "dynoxide"
    if not file.is_file():
        fix = f"run `npm ci` in {ROOT}" if (ROOT / "package.json").exists() else "run `make run` in a clone of Optiq"
        raise StartError(f"the table's server for {package} is not installed: {fix}")
    return file


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def ensure_own_table(endpoint: str, ended: Callable[[], bool] = lambda: False) -> None:
    """Waits for this machine's server and creates the table when absent.

    Args:
        ended: whether the server has given up, so that waiting for it is in vain.

    Raises:
        StartError: it does not answer.
    """
    client = boto3.client(
        "dynamodb",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",  # noqa: S106 - no account stands behind it
        config=Config(retries={"total_max_attempts": 1}, connect_timeout=2, read_timeout=10),
    )
    ensure_table(client, TABLE, ended)
    client.close()


def ensure_table(client: Any, table: str, ended: Callable[[], bool] = lambda: False) -> None:
    """Creates the table when absent, as soon as the server answers.

    Raises:
        StartError: it does not answer, or refuses.
    """
    give_up = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            client.create_table(
                TableName=table,
                BillingMode="PAY_PER_REQUEST",
                AttributeDefinitions=[
                    {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "gsi1pk", "gsi1sk")
                ],
                KeySchema=_keys("pk", "sk"),
                GlobalSecondaryIndexes=[
                    {
                        "IndexName": "gsi1",
                        "KeySchema": _keys("gsi1pk", "gsi1sk"),
                        "Projection": {"ProjectionType": "ALL"},
                    }
                ],
            )
            client.get_waiter("table_exists").wait(TableName=table, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceInUseException":
                raise StartError(f"the table could not be created: {error}") from error
        except WaiterError as error:
            raise StartError(f"the table could not be created: {error}") from error
        except (NoConnectionError, HTTPClientError) as error:
            if ended() or time.monotonic() > give_up:
                raise StartError("the table's server does not answer") from error
            time.sleep(0.05)
            continue
        return


def _keys(partition: str, sort: str) -> list[dict[str, str]]:
    return [{"AttributeName": partition, "KeyType": "HASH"}, {"AttributeName": sort, "KeyType": "RANGE"}]
