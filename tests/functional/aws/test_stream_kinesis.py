"""The stream port on Kinesis."""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from optiq.kernel.errors import UpstreamError
from optiq.ports.aws_client import aws_client
from optiq.ports.stream import Record
from optiq.ports.stream_kinesis import ATTEMPTS, MAX_BYTES, MAX_RECORDS, KinesisStream

NAME = "optiq-test"


def _record(number: int, data: bytes = b'{"type":"EventAccepted"}') -> Record:
    return Record(partition_key=f"key-{number}", kind="EventAccepted", data=data)


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> KinesisStream:
    aws_client("kinesis").create_stream(StreamName=NAME, ShardCount=1)
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    return KinesisStream(NAME)


@pytest.fixture
def calls(stream: KinesisStream, monkeypatch: pytest.MonkeyPatch) -> list[list[dict[str, Any]]]:
    """The entries of every PutRecords call; all are accepted."""
    made: list[list[dict[str, Any]]] = []

    def put_records(*, StreamName: str, Records: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803 - the API's names
        made.append(Records)
        return {"FailedRecordCount": 0, "Records": [{} for _ in Records]}

    monkeypatch.setattr(stream._client, "put_records", put_records)
    return made


def test_records_arrive_in_order_with_their_keys(stream: KinesisStream) -> None:
    # Given three records
    records = [_record(number, data=b'{"n":%d}' % number) for number in range(3)]

    # When they are put
    stream.put(records)

    # Then the stream holds them
    client = aws_client("kinesis")
    shard = client.list_shards(StreamName=NAME)["Shards"][0]["ShardId"]
    iterator = client.get_shard_iterator(StreamName=NAME, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
    found = client.get_records(ShardIterator=iterator["ShardIterator"])["Records"]
    assert [(record["PartitionKey"], record["Data"]) for record in found] == [
        (record.partition_key, record.data) for record in records
    ]


def test_nothing_to_put_makes_no_call(stream: KinesisStream, calls: list[list[dict[str, Any]]]) -> None:
    stream.put([])

    assert calls == []


def test_calls_stay_within_the_number_of_records(stream: KinesisStream, calls: list[list[dict[str, Any]]]) -> None:
    stream.put([_record(number) for number in range(MAX_RECORDS * 2 + 1)])

    assert [len(call) for call in calls] == [MAX_RECORDS, MAX_RECORDS, 1]


def test_calls_stay_within_the_number_of_bytes(stream: KinesisStream, calls: list[list[dict[str, Any]]]) -> None:
    # Given records of which five and their keys are just too many bytes for one call
    data = b"x" * (MAX_BYTES // 5)

    stream.put([_record(number, data=data) for number in range(9)])

    assert [len(call) for call in calls] == [4, 4, 1]


def test_only_refused_records_are_sent_again(stream: KinesisStream, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a shard that refuses the second of three records once
    sent: list[list[str]] = []

    def put_records(*, StreamName: str, Records: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        keys = [entry["PartitionKey"] for entry in Records]
        sent.append(keys)
        refused = {"key-1"} if len(sent) == 1 else set()
        throttled = {"ErrorCode": "ProvisionedThroughputExceededException", "ErrorMessage": "slow down"}
        outcomes = [throttled if key in refused else {"SequenceNumber": "1"} for key in keys]
        return {"FailedRecordCount": len(refused), "Records": outcomes}

    monkeypatch.setattr(stream._client, "put_records", put_records)

    # When three are put
    stream.put([_record(number) for number in range(3)])

    # Then only that one goes out again
    assert sent == [["key-0", "key-1", "key-2"], ["key-1"]]


def test_records_refused_for_ever_are_a_retryable_error(stream: KinesisStream, monkeypatch: pytest.MonkeyPatch) -> None:
    attempts = 0

    def put_records(*, StreamName: str, Records: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        nonlocal attempts
        attempts += 1
        return {"FailedRecordCount": 1, "Records": [{"ErrorCode": "InternalFailure"}]}

    monkeypatch.setattr(stream._client, "put_records", put_records)

    with pytest.raises(UpstreamError) as raised:
        stream.put([_record(1)])

    assert raised.value.retryable
    assert attempts == ATTEMPTS


def test_a_missing_stream_is_not_worth_a_retry() -> None:
    with pytest.raises(UpstreamError) as raised:
        KinesisStream("no-such-stream").put([_record(1)])

    assert not raised.value.retryable


def test_throttling_of_the_whole_call_is_retryable(stream: KinesisStream, monkeypatch: pytest.MonkeyPatch) -> None:
    def put_records(**_arguments: object) -> None:
        raise ClientError({"Error": {"Code": "ProvisionedThroughputExceededException"}}, "PutRecords")

    monkeypatch.setattr(stream._client, "put_records", put_records)

    with pytest.raises(UpstreamError) as raised:
        stream.put([_record(1)])

    assert raised.value.retryable


def test_record_on_every_shard_arrives_on_each(stream: KinesisStream) -> None:
    client = aws_client("kinesis")
    client.create_stream(StreamName="optiq-marks", ShardCount=3)

    shards = KinesisStream("optiq-marks").put_on_every_shard(_record(1))

    assert len(shards) == 3
    for shard in shards:
        iterator = client.get_shard_iterator(StreamName="optiq-marks", ShardId=shard, ShardIteratorType="TRIM_HORIZON")
        assert len(client.get_records(ShardIterator=iterator["ShardIterator"])["Records"]) == 1
