"""The read that stands before every request: one BatchGetItem, signed by botocore and sent without its client.

What the client and PynamoDB do around a call costs as much CPU as the call and its answer. Whatever is not answered
plainly is asked again by PynamoDB, which knows when to come back, and names what is wrong.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from urllib3 import PoolManager, Timeout
from urllib3.exceptions import HTTPError

from optiq.kernel.keys import Key
from optiq.kernel.settings import settings
from optiq.kernel.table import Record, connection

R = TypeVar("R", bound=Record)
_HEADERS = {"content-type": "application/x-amz-json-1.0", "x-amz-target": "DynamoDB_20120810.BatchGetItem"}
_TIMEOUT = Timeout(connect=2, read=5)
_CONNECTIONS = 8


def read_together(kind: type[R], wanted: Sequence[Key]) -> dict[Key, R]:
    """Those of a few items that are there, as they stand now, read as records of one kind. Raises TableError."""
    items = _ask([{"pk": {"S": key.pk}, "sk": {"S": key.sk}} for key in wanted])
    found = kind.batch_get(wanted, consistent_read=True) if items is None else map(kind.from_raw_data, items)
    return {Key(record.pk, record.sk): record for record in found}


def _ask(places: Sequence[dict[str, Any]]) -> list[dict[str, Any]] | None:
    """Items as DynamoDB writes them; None when it did not give all at once."""
    meta, credentials, table = connection().client.meta, connection().session.get_credentials(), settings().table
    if credentials is None:
        return None
    body = json.dumps({"RequestItems": {table: {"Keys": places, "ConsistentRead": True}}})
    request = AWSRequest("POST", meta.endpoint_url, headers=_HEADERS, data=body)
    SigV4Auth(credentials.get_frozen_credentials(), "dynamodb", meta.region_name).add_auth(request)
    headers = dict(request.headers.items())
    try:
        answer = _pool().request("POST", meta.endpoint_url, body=body, headers=headers, retries=False)
    except HTTPError:
        return None
    if answer.status != 200:
        return None
    body = json.loads(answer.data)
    return None if body["UnprocessedKeys"] else list(body["Responses"].get(table, ()))


@lru_cache(maxsize=1)
def _pool() -> PoolManager:
    return PoolManager(maxsize=_CONNECTIONS, timeout=_TIMEOUT)
