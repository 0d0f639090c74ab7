"""Counts what code uses while it runs: CPU, the table's capacity units and calls, files of the lake."""

import base64
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any
from unittest.mock import patch

import pyarrow as pa
from optiq.kernel import table
from optiq.kernel.settings import settings
from optiq.ports.lake_folder import FolderLake
from pynamodb.connection.base import Connection

from infra.local.handlers import Context, load
from infra.local.mappings import MAPPINGS
from tests.functional.pipeline import Pipeline

_WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"})


@contextmanager
def one_call_each() -> Iterator[None]:
    """Has conditional puts made as on AWS, each in a call of its own."""
    with patch.object(table, "settings", lambda: replace(settings(), substrate="aws")):
        yield


@dataclass(frozen=True, slots=True)
class Delivered:
    """Size of the records handed to consumers: in bytes, and in KB with each record rounded up."""

    size_bytes: int
    billed_kb: int


class Meter:
    """Counts while it is entered; may be entered again and then counts on."""

    def __init__(self) -> None:
        self.cpu_seconds = self.write_units = self.read_units = 0.0
        self.calls = self.files = self.invocations = 0
        self._started = 0.0
        self._patches: list[Any] = []

    def __enter__(self) -> "Meter":
        dispatch, append = Connection.dispatch, FolderLake.append

        def counting_dispatch(connection: Connection, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
            arguments["ReturnConsumedCapacity"] = "TOTAL"
            answer = dispatch(connection, operation, arguments)
            self._count_call(operation, answer)
            return answer

        def counting_append(lake: FolderLake, name: str, org: str, day: str, file: str, rows: pa.Table) -> None:
            self.files += 1
            append(lake, name, org, day, file, rows)

        self._patches = [
            patch.object(Connection, "dispatch", counting_dispatch),
            patch.object(FolderLake, "append", counting_append),
        ]
        for each in self._patches:
            each.start()
        self._started = time.process_time()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cpu_seconds += time.process_time() - self._started
        for each in self._patches:
            each.stop()

    def deliver(self, pipeline: Pipeline) -> Delivered:
        """Hands over all that waits, one consumer after the other, each shard's records in one batch."""
        size_bytes = billed_kb = 0
        for mapping in MAPPINGS:
            handler = load(mapping.handler)
            for event in pipeline.batches(mapping.consumer):
                handler(event, Context(mapping.consumer, "bench"))
                pipeline.advance(mapping.consumer, event)
                self.invocations += 1
                sizes = [len(base64.b64decode(record["kinesis"]["data"])) for record in event["Records"]]
                size_bytes += sum(sizes)
                billed_kb += sum(math.ceil(size / 1024) for size in sizes)
        return Delivered(size_bytes, billed_kb)

    def _count_call(self, operation: str, answer: dict[str, Any]) -> None:
        self.calls += 1
        consumed = answer.get("ConsumedCapacity") or []
        units = sum(one["CapacityUnits"] for one in (consumed if isinstance(consumed, list) else [consumed]))
        if operation in _WRITES:
            self.write_units += units
        else:
            self.read_units += units
