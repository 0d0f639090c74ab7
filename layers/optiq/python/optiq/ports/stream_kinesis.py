"""The stream on Kinesis: the data of a record is the message's JSON, so event source mappings filter on its type.

Limits of PutRecords: 500 records and 5 MB a call, partition keys included
(https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html).
"""

import random
import time
from collections.abc import Iterator, Sequence
from typing import Any, NotRequired, TypedDict

from optiq.kernel.errors import UpstreamError
from optiq.ports.aws_client import AwsError, aws_client, upstream_error
from optiq.ports.stream import Record

MAX_RECORDS = 500
MAX_BYTES = 5_000_000
ATTEMPTS = 5
_FIRST_DELAY_SECONDS = 0.05


class _Entry(TypedDict):
    Data: bytes
    PartitionKey: str
    ExplicitHashKey: NotRequired[str]


class KinesisStream:
    """Appends with PutRecords.

    A record that Kinesis refuses alone (its shard is throttled) is tried again alone, so it may come to lie
    after later records of its key; consumers order by the instants in the messages.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._client = aws_client("kinesis")

    def put(self, records: Sequence[Record]) -> None:
        entries: list[_Entry] = [{"Data": record.data, "PartitionKey": record.partition_key} for record in records]
        for chunk in _chunks(entries):
            self._put_chunk(chunk)

    def put_on_every_shard(self, record: Record) -> list[str]:
        """Shards that were split or merged are read to their end before those that came of them."""
        open_shards = [one for one in self._shards() if "EndingSequenceNumber" not in one["SequenceNumberRange"]]
        entries: list[_Entry] = [
            {
                "Data": record.data,
                "PartitionKey": record.partition_key,
                "ExplicitHashKey": one["HashKeyRange"]["StartingHashKey"],
            }
            for one in open_shards
        ]
        for chunk in _chunks(entries):
            self._put_chunk(chunk)
        return [one["ShardId"] for one in open_shards]

    def _shards(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        asked = {"StreamName": self._name}
        while asked:
            try:
                answer = self._client.list_shards(**asked)
            except AwsError as error:
                raise upstream_error("the stream's shards are not known", error) from error
            found += answer["Shards"]
            asked = {"NextToken": answer["NextToken"]} if answer.get("NextToken") else {}
        return found

    def _put_chunk(self, entries: list[_Entry]) -> None:
        """Tries what was refused again, with doubling, jittered pauses (0.75 s in all at most)."""
        for attempt in range(ATTEMPTS):
            if attempt:
                time.sleep(_FIRST_DELAY_SECONDS * 2 ** (attempt - 1) * random.uniform(0.5, 1))  # noqa: S311 - jitter
            entries = self._put_once(entries)
            if not entries:
                return
        raise UpstreamError(f"the stream refused {len(entries)} records", retryable=True)

    def _put_once(self, entries: list[_Entry]) -> list[_Entry]:
        """Returns the refused entries, in order."""
        try:
            answer = self._client.put_records(StreamName=self._name, Records=entries)
        except AwsError as error:
            raise upstream_error("the stream took nothing", error) from error
        if not answer["FailedRecordCount"]:
            return []
        outcomes = zip(entries, answer["Records"], strict=True)
        return [entry for entry, outcome in outcomes if outcome.get("ErrorCode")]


def _chunks(entries: Sequence[_Entry]) -> Iterator[list[_Entry]]:
    chunk: list[_Entry] = []
    size = 0
    for entry in entries:
        entry_size = len(entry["Data"]) + len(entry["PartitionKey"].encode())
        if chunk and (len(chunk) == MAX_RECORDS or size + entry_size > MAX_BYTES):
            yield chunk
            chunk, size = [], 0
        chunk.append(entry)
        size += entry_size
    if chunk:
        yield chunk
