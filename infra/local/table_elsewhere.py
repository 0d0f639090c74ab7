"""A table that is not this machine's: any endpoint that speaks DynamoDB's API, by OPTIQ_TABLE_ENDPOINT.

Credentials and region are AWS's usual variables. What Optiq needs of the endpoint is tried before anything is served.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from infra.local.home import OWN_ACCESS_KEY, TABLE, StartError
from infra.local.table import ensure_table

ENDPOINT = "OPTIQ_TABLE_ENDPOINT"
_CREDENTIALS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
_REGIONS = ("AWS_DEFAULT_REGION", "AWS_REGION")


@dataclass(frozen=True, slots=True)
class TableElsewhere:
    """Where a table is, and what opens it."""

    endpoint: str
    table: str
    credentials: Mapping[str, str]

    @property
    def environment(self) -> dict[str, str]:
        """What every process of the system is told of it."""
        return {ENDPOINT: self.endpoint, "OPTIQ_TABLE": self.table, **self.credentials}


def table_elsewhere(environment: Mapping[str, str]) -> TableElsewhere | None:
    """The table that the environment names, or None for this machine's own, whose access key is `local`.

    Raises:
        StartError: the endpoint cannot be, or a credential or the region is missing.
    """
    endpoint = environment.get(ENDPOINT, "")
    if not endpoint or environment.get(_CREDENTIALS[0]) == OWN_ACCESS_KEY:
        return None
    if not endpoint.startswith(("http://", "https://")):
        raise StartError(f"{ENDPOINT} must be an address such as https://dynamodb.example.com, not '{endpoint}'")
    missing = [name for name in _CREDENTIALS if not environment.get(name)]
    region = next((environment[name] for name in _REGIONS if environment.get(name)), "")
    if missing or not region:
        raise StartError(f"{ENDPOINT} is set, so set {', '.join([*missing, *([] if region else [_REGIONS[0]])])} too")
    given = {name: environment[name] for name in (*_CREDENTIALS, "AWS_SESSION_TOKEN") if environment.get(name)}
    name = environment.get("OPTIQ_TABLE") or TABLE
    return TableElsewhere(endpoint.rstrip("/"), name, given | {_REGIONS[0]: region})


def prepare(table: TableElsewhere) -> None:
    """Creates the table when absent, and tries what Optiq does with it.

    Raises:
        StartError: the endpoint does not answer, refuses the credentials, or cannot do something that Optiq needs.
    """
    client = boto3.client(
        "dynamodb",
        endpoint_url=table.endpoint,
        region_name=table.credentials[_REGIONS[0]],
        config=Config(retries={"total_max_attempts": 2}, connect_timeout=5, read_timeout=20),
        aws_access_key_id=table.credentials[_CREDENTIALS[0]],
        aws_secret_access_key=table.credentials[_CREDENTIALS[1]],
        aws_session_token=table.credentials.get("AWS_SESSION_TOKEN"),
    )
    ensure_table(client, table.table)
    probe = _Probe(client, table.table)
    for what, attempt in probe.attempts().items():
        try:
            works = attempt()
        except (ClientError, BotoCoreError) as error:
            raise StartError(f"the table at {table.endpoint} cannot {what}, which Optiq needs: {error}") from error
        if not works:
            raise StartError(f"the table at {table.endpoint} does not {what} as DynamoDB does, which Optiq needs")


class _Probe:
    """What Optiq does with a table, on two items of their own, which are deleted at the end."""

    def __init__(self, client: Any, table: str) -> None:
        self._client, self._table = client, table
        self._partition = f"PROBE#{uuid.uuid4()}"

    def attempts(self) -> Mapping[str, Callable[[], bool]]:
        return {
            "write several items together (TransactWriteItems)": self._writes_together,
            "refuse all of several writes when one condition fails (TransactWriteItems)": self._refuses_together,
            "read several items at once (BatchGetItem)": self._reads_together,
            "query by the second index": self._queries_index,
            "query in order within a partition (Query)": self._queries,
            "delete items": self._deletes,
        }

    def _writes_together(self) -> bool:
        puts = [{"Put": {"TableName": self._table, "Item": self._item(number)}} for number in (1, 2)]
        self._client.transact_write_items(TransactItems=puts)
        return True

    def _refuses_together(self) -> bool:
        condition = {"ConditionExpression": "attribute_not_exists(pk)"}
        puts = [
            {"Put": {"TableName": self._table, "Item": self._item(3)}},
            {"Put": {"TableName": self._table, "Item": self._item(1), **condition}},
        ]
        try:
            self._client.transact_write_items(TransactItems=puts)
        except ClientError as error:
            codes = [reason.get("Code") for reason in error.response.get("CancellationReasons", [])]
            return codes == ["None", "ConditionalCheckFailed"] and len(self._found()) == 2
        return False

    def _reads_together(self) -> bool:
        wanted = {"Keys": [self._key(1), self._key(2)], "ConsistentRead": True}
        return len(self._client.batch_get_item(RequestItems={self._table: wanted})["Responses"][self._table]) == 2

    def _queries_index(self) -> bool:
        found = self._client.query(
            TableName=self._table,
            IndexName="gsi1",
            KeyConditionExpression="gsi1pk = :p",
            ExpressionAttributeValues={":p": {"S": self._partition}},
        )
        return bool(found["Items"])

    def _queries(self) -> bool:
        return [one["sk"]["S"] for one in self._found()] == ["2", "1"]

    def _deletes(self) -> bool:
        for number in (1, 2):
            self._client.delete_item(TableName=self._table, Key=self._key(number))
        return not self._found()

    def _found(self) -> list[Any]:
        found = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :p AND sk < :s",
            ExpressionAttributeValues={":p": {"S": self._partition}, ":s": {"S": "9"}},
            ScanIndexForward=False,
            ConsistentRead=True,
        )
        return list(found["Items"])

    def _key(self, number: int) -> dict[str, Any]:
        return {"pk": {"S": self._partition}, "sk": {"S": str(number)}}

    def _item(self, number: int) -> dict[str, Any]:
        return {**self._key(number), "gsi1pk": {"S": self._partition}, "gsi1sk": {"S": str(number)}}
