"""The embedded table, as the local runtime starts it: one process for the whole test run, in memory.

Tests of a module share it and stay apart by using organizations of their own (`organization_id`).
"""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from optiq.collect.limits import keeping_limits
from optiq.kernel.clock import system_clock
from optiq.kernel.ids import new_id
from optiq.kernel.settings import settings
from types_boto3_dynamodb import DynamoDBClient

if TYPE_CHECKING:
    from infra.local.gateway import Gateway
    from tests.functional.identity.browser import Browser

_ROOT = Path(__file__).parent.parent.parent


def _create_table(client: DynamoDBClient, patience_seconds: float = 120) -> None:
    deadline = time.monotonic() + patience_seconds
    while True:
        try:
            client.create_table(
                TableName=settings().table,
                BillingMode="PAY_PER_REQUEST",
                AttributeDefinitions=[
                    {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "gsi1pk", "gsi1sk")
                ],
                KeySchema=[
                    {"AttributeName": "pk", "KeyType": "HASH"},
                    {"AttributeName": "sk", "KeyType": "RANGE"},
                ],
                GlobalSecondaryIndexes=[
                    {
                        "IndexName": "gsi1",
                        "KeySchema": [
                            {"AttributeName": "gsi1pk", "KeyType": "HASH"},
                            {"AttributeName": "gsi1sk", "KeyType": "RANGE"},
                        ],
                        "Projection": {"ProjectionType": "ALL"},
                    }
                ],
            )
        except EndpointConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


@pytest.fixture(scope="session")
def table_server() -> Iterator[DynamoDBClient]:
    """A client of the server that the records of `optiq` point at."""
    binaries = sorted(_ROOT.glob("node_modules/@dynoxide/*/dynoxide"))
    if not binaries:
        pytest.skip("the embedded table is not installed: run `npm ci`")
    port = str(urlsplit(settings().table_endpoint).port)
    process = subprocess.Popen(
        [binaries[0], "serve", "--port", port], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    client = boto3.client("dynamodb", endpoint_url=settings().table_endpoint)
    try:
        yield client
    finally:
        client.close()
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture(scope="module")
def table(table_server: DynamoDBClient) -> Iterator[DynamoDBClient]:
    """A client of the table, empty for each module: what looks through all of it would read what all others wrote."""
    _create_table(table_server)
    yield table_server
    table_server.delete_table(TableName=settings().table)


@pytest.fixture(autouse=True)
def _no_limit_of_an_earlier_test() -> None:
    """All tests send from one network; what one of them sent leaves the next its whole share."""
    keeping_limits.cache_clear()


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Gateway"]:
    """One for all browsers of a module: it starts processes for heavy requests, each with a second of CPU."""
    from infra.local.gateway import Gateway
    from infra.routes import routes

    opened = Gateway(routes(), tmp_path_factory.mktemp("home"))
    yield opened
    opened.close()


@pytest.fixture
def browser(gateway: "Gateway") -> "Browser":
    from tests.functional.identity.browser import Browser

    return Browser(gateway)


@pytest.fixture
def organization_id() -> str:
    """An organization no other test uses."""
    return new_id("org", system_clock())


@pytest.fixture
def site_id() -> str:
    return new_id("site", system_clock())
