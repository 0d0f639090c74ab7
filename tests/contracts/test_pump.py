"""The pump's contract, from AWS' documentation of Lambda with Kinesis.

https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
"""

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from optiq.kernel.errors import UpstreamError
from optiq.ports.log_file import INSERT_RECORD, SHARDS, LogFile, shard_of
from optiq.ports.stream import Record
from optiq.ports.stream_log import LogStream

from infra.local import handlers, shard_reader
from infra.local.failed_batches import replay_failed
from infra.local.kinesis_event import sequence_number
from infra.local.mappings import Mapping as SourceMapping
from infra.local.pump import Pump, backlog
from infra.local.shard_log import RETENTION_MS, ShardLog, trim
from infra.local.shard_reader import Backoff, ShardReader
from infra.local.waiting_shards import WaitingShards
from tests.support.waiting import wait_until

MAPPING = SourceMapping(
    "consumer", "handler", ("Wanted",), batch_size=8, batching_window_seconds=0.0, maximum_retry_attempts=2
)
NO_WAIT = Backoff(first=0.0, longest=0.0)


class Function:
    """A function that notes what it was handed; `answer` decides what it answers, by the batch's texts."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.events: list[Mapping[str, Any]] = []
        self.answer: Callable[[list[str], list[str]], object] = lambda texts, numbers: None

    def __call__(self, event: Mapping[str, Any], context: object) -> object:
        texts = [base64.b64decode(record["kinesis"]["data"]).decode() for record in event["Records"]]
        self.batches.append(texts)
        self.events.append(event)
        return self.answer(texts, [record["kinesis"]["sequenceNumber"] for record in event["Records"]])


def failures(*numbers: str) -> dict[str, Any]:
    return {"batchItemFailures": [{"itemIdentifier": number} for number in numbers]}


def poison(*bad: str) -> Callable[[list[str], list[str]], object]:
    def answer(texts: list[str], numbers: list[str]) -> object:
        if set(bad) & set(texts):
            raise ValueError("cannot digest this")
        return None

    return answer


@pytest.fixture
def function(monkeypatch: pytest.MonkeyPatch) -> Function:
    function = Function()
    monkeypatch.setattr(shard_reader, "load", lambda path: function)
    return function


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "stream.db")


@pytest.fixture
def log(path: str) -> Iterator[LogFile]:
    log = LogFile(path)
    yield log
    log.close()


def put(path: str, texts: str, kind: str = "Wanted", key: str = "k") -> int:
    """Appends one record for each letter under one key; returns the shard."""
    stream = LogStream(path)
    stream.put([Record(key, kind, text.encode()) for text in texts])
    stream.close()
    return shard_of(key)


def reader(log: LogFile, shard: int, mapping: SourceMapping = MAPPING) -> ShardReader:
    shard_log = ShardLog(log, mapping.consumer, shard, mapping.kinds)
    return ShardReader(shard_log, mapping, NO_WAIT)


def read_batch(reader: ShardReader) -> None:
    """Takes steps until a batch is done with."""
    reader.step()
    while reader.in_batch:
        reader.step()


def position(log: LogFile, shard: int) -> int:
    return ShardLog(log, MAPPING.consumer, shard, ()).position()


def failed_batches(log: LogFile) -> list[list[str]]:
    rows = log.connection().execute("SELECT event FROM failed_batches ORDER BY id").fetchall()
    return [
        [base64.b64decode(record["kinesis"]["data"]).decode() for record in json.loads(event)["Records"]]
        for (event,) in rows
    ]


def test_records_arrive_in_order_in_batches_of_the_size(function: Function, path: str, log: LogFile) -> None:
    shard = put(path, "abcdefghijkl")
    source = reader(log, shard)

    read_batch(source)
    read_batch(source)

    assert function.batches == [list("abcdefgh"), list("ijkl")]


def test_event_has_the_shape_of_a_kinesis_event(function: Function, path: str, log: LogFile) -> None:
    shard = put(path, "a", key="visitor-1")
    read_batch(reader(log, shard))

    record = function.events[0]["Records"][0]
    sample = json.loads((Path(__file__).parents[2] / "events/samples/kinesis_batch.json").read_text())["Records"][0]
    assert record.keys() == sample.keys()
    assert record["kinesis"].keys() == sample["kinesis"].keys()
    assert record["kinesis"]["partitionKey"] == "visitor-1"
    assert record["eventID"] == f"shardId-{shard:012d}:{record['kinesis']['sequenceNumber']}"
    assert abs(record["kinesis"]["approximateArrivalTimestamp"] - time.time()) < 60


def test_filtered_records_are_not_handed_over_and_advance_the_checkpoint(
    function: Function, path: str, log: LogFile
) -> None:
    shard = put(path, "ab", kind="Other")
    put(path, "c")
    put(path, "d", kind="Other")

    read_batch(reader(log, shard))

    assert function.batches == [["c"]]
    assert position(log, shard) == 4


@pytest.mark.parametrize("answer", [None, {}, {"batchItemFailures": []}, {"batchItemFailures": None}])
def test_empty_answers_are_complete_success(function: Function, path: str, log: LogFile, answer: object) -> None:
    function.answer = lambda texts, numbers: answer
    shard = put(path, "abc")
    read_batch(reader(log, shard))

    assert function.batches == [list("abc")]
    assert position(log, shard) == 3


@pytest.mark.parametrize("failure", [{"itemIdentifier": ""}, {"itemIdentifier": None}, {"item": "x"}, "x"])
def test_unusable_identifiers_are_complete_failure(
    function: Function, path: str, log: LogFile, failure: object
) -> None:
    answers = iter([{"batchItemFailures": [failure]}])
    function.answer = lambda texts, numbers: next(answers, None)
    shard = put(path, "abcd")
    read_batch(reader(log, shard))

    assert function.batches == [list("abcd"), list("ab"), list("cd")]


def test_partial_failure_retries_from_the_lowest_failed_record(function: Function, path: str, log: LogFile) -> None:
    answers = iter([lambda numbers: failures(numbers[4], numbers[2])])
    checkpoints: list[int] = []
    shard = put(path, "abcdef")

    def answer(texts: list[str], numbers: list[str]) -> object:
        checkpoints.append(position(log, shard))
        decide = next(answers, None)
        return decide(numbers) if decide else None

    function.answer = answer
    read_batch(reader(log, shard))

    # Later successes of the same batch (d, f) are replayed; what came before the lowest failure is not.
    assert function.batches == [list("abcdef"), list("cdef")]
    assert checkpoints == [0, 2]
    assert position(log, shard) == 6


def test_bisect_isolates_the_poison_record(function: Function, path: str, log: LogFile) -> None:
    function.answer = poison("f")
    shard = put(path, "abcdefgh")
    read_batch(reader(log, shard))

    assert failed_batches(log) == [["f"]]
    handled = [text for batch in function.batches if "f" not in batch for text in batch]
    assert handled == list("abcdegh")
    assert position(log, shard) == 8


def test_splitting_uses_up_no_retry(function: Function, path: str, log: LogFile) -> None:
    function.answer = poison("a")
    shard = put(path, "abcdefgh")
    read_batch(reader(log, shard))

    assert function.batches.count(["a"]) == 1 + MAPPING.maximum_retry_attempts


def test_without_bisect_the_whole_batch_is_retried_then_discarded(function: Function, path: str, log: LogFile) -> None:
    function.answer = poison("b")
    shard = put(path, "abc")
    mapping = replace(MAPPING, bisect_batch_on_function_error=False)
    read_batch(reader(log, shard, mapping))

    assert function.batches == [list("abc")] * 3
    assert failed_batches(log) == [list("abc")]
    assert position(log, shard) == 3


def test_a_failure_that_passes_loses_nothing(function: Function, path: str, log: LogFile) -> None:
    answers = iter([ValueError("throttled")])

    def answer(texts: list[str], numbers: list[str]) -> object:
        if (error := next(answers, None)) is not None:
            raise error
        return None

    function.answer = answer
    shard = put(path, "a")
    read_batch(reader(log, shard))

    assert function.batches == [["a"], ["a"]]
    assert failed_batches(log) == []


def test_the_failure_destination_keeps_records_whole_with_the_error(
    function: Function, path: str, log: LogFile
) -> None:
    function.answer = poison("a")
    shard = put(path, "a", key="visitor-1")
    read_batch(reader(log, shard))

    row = log.connection().execute("SELECT consumer, shard, error, event FROM failed_batches").fetchone()
    assert row[:2] == ("consumer", shard)
    assert "ValueError: cannot digest this" in row[2]
    assert json.loads(row[3]) == function.events[0]


def test_failed_batches_can_be_replayed_once_the_fault_is_mended(function: Function, path: str, log: LogFile) -> None:
    bad, good = '{"type":"Wanted","n":1}', '{"type":"Wanted","n":2}'
    function.answer = poison(bad)
    stream = LogStream(path)
    stream.put([Record("k", "Wanted", bad.encode()), Record("k", "Wanted", good.encode())])
    stream.close()
    source = reader(log, shard_of("k"))
    read_batch(source)
    assert failed_batches(log) == [[bad]]
    function.answer = poison()

    assert replay_failed(log, "other consumer") == 0
    assert replay_failed(log, MAPPING.consumer) == 1
    read_batch(source)

    assert function.batches[-1] == [bad]
    assert failed_batches(log) == []
    assert function.events[-1]["Records"][0]["kinesis"]["partitionKey"] == "k"


def test_replayed_records_wait_with_their_organization(function: Function, path: str, log: LogFile) -> None:
    function.answer = poison('{"type":"Wanted","organization_id":"org_1"}')
    stream = LogStream(path)
    stream.put([Record("k", "Wanted", b'{"type":"Wanted","organization_id":"org_1"}', "org_1")])
    stream.close()
    read_batch(reader(log, shard_of("k", "org_1")))

    assert replay_failed(log, MAPPING.consumer) == 1
    shards = log.connection().execute("SELECT shard FROM records ORDER BY sequence").fetchall()
    assert shards == [(shard_of("k", "org_1"),)] * 2


def test_a_reader_killed_in_a_batch_starts_again_after_its_last_checkpoint(
    function: Function, path: str, log: LogFile
) -> None:
    class Killed(BaseException):
        """As sudden as a signal: nothing in the pump may catch it."""

    answers = iter([lambda numbers: failures(numbers[2]), None])

    def die_in_the_second_invocation(texts: list[str], numbers: list[str]) -> object:
        decide = next(answers)
        if decide is None:
            raise Killed
        return decide(numbers)

    function.answer = die_in_the_second_invocation
    shard = put(path, "abcd")
    with pytest.raises(Killed):
        read_batch(reader(log, shard))

    function.answer = poison()
    reopened = LogFile(path)
    read_batch(reader(reopened, shard))
    reopened.close()

    assert function.batches[-1] == list("cd")


def test_each_key_is_read_in_order_across_shards(function: Function, path: str, log: LogFile) -> None:
    keys = [f"visitor-{number}" for number in range(12)]
    stream = LogStream(path)
    for step in range(20):
        stream.put([Record(key, "Wanted", f"{key}:{step}".encode()) for key in keys])
    stream.close()
    running = Pump(path, [MAPPING], NO_WAIT)
    running.start()
    wait_until(lambda: backlog(log, [MAPPING]) == 0, "the consumer got on")
    assert running.stop()

    texts = [text for batch in function.batches for text in batch]
    for key in keys:
        assert [text for text in texts if text.startswith(f"{key}:")] == [f"{key}:{step}" for step in range(20)]


def test_shards_of_an_earlier_version_are_read_to_their_end(function: Function, path: str, log: LogFile) -> None:
    log.connection().execute(INSERT_RECORD, (SHARDS + 1, "k", "Wanted", 0, b"left"))
    running = Pump(path, [MAPPING], NO_WAIT)
    assert backlog(log, [MAPPING]) == 1
    running.start()
    wait_until(lambda: backlog(log, [MAPPING]) == 0, "the consumer got on")

    assert running.stop()
    assert function.batches == [["left"]]


def test_a_failing_shard_does_not_hold_up_another(function: Function, path: str, log: LogFile) -> None:
    function.answer = poison("bad")
    other_key = next(key for key in "abcdefgh" if shard_of(key) != shard_of("k"))
    stream = LogStream(path)
    stream.put([Record("k", "Wanted", b"bad"), Record(other_key, "Wanted", b"good")])
    stream.close()
    running = Pump(path, [replace(MAPPING, maximum_retry_attempts=1_000)], Backoff(first=0.05, longest=0.05))
    running.start()
    wait_until(lambda: position(log, shard_of(other_key)) == 2, "the consumer got on")

    assert position(log, shard_of("k")) == 0
    assert running.stop()


def test_a_batching_window_gathers_records(function: Function, path: str, log: LogFile) -> None:
    running = Pump(path, [replace(MAPPING, batching_window_seconds=3.0)], NO_WAIT)
    running.start()
    put(path, "a")
    put(path, "b")
    wait_until(lambda: backlog(log, [MAPPING]) == 0, "the consumer got on")

    assert running.stop()
    assert function.batches == [list("ab")]


def test_a_whole_batch_does_not_wait_for_the_window(function: Function, path: str, log: LogFile) -> None:
    running = Pump(path, [replace(MAPPING, batching_window_seconds=1_000.0)], NO_WAIT)
    running.start()
    put(path, "abcdefgh")
    wait_until(lambda: backlog(log, [MAPPING]) == 0, "the consumer got on")

    assert running.stop()
    assert function.batches == [list("abcdefgh")]


@pytest.mark.parametrize("busy", [1, 2, 5])
def test_a_quiet_organization_is_handled_while_busy_ones_keep_their_threads(
    function: Function, path: str, log: LogFile, busy: int
) -> None:
    # GIVEN busy organizations whose batches come to no end
    ended = threading.Event()

    def answer(texts: list[str], numbers: list[str]) -> object:
        assert "quiet" in texts or ended.wait(20)
        return None

    function.answer = answer
    mapping = replace(MAPPING, batch_size=400)
    stream = LogStream(path)
    for number in range(busy):
        keys = [f"visitor-{visitor}" for visitor in range(500)]
        stream.put([Record(key, "Wanted", b"busy", f"org_{number}") for key in keys])
    running = Pump(path, [mapping], NO_WAIT)
    running.start()
    wait_until(lambda: len(function.batches) == 2, "the consumer got on")

    # WHEN a quiet one sends an event, THEN it is handled
    stream.put([Record("visitor-1", "Wanted", b"quiet", "org_quiet")])
    stream.close()
    wait_until(
        lambda: ["quiet"] in function.batches and position(log, shard_of("visitor-1", "org_quiet")) > 0,
        "the consumer got on",
    )
    assert not ended.is_set()

    ended.set()
    assert running.stop()


def test_organizations_take_turns_whatever_each_has_waiting(function: Function, path: str, log: LogFile) -> None:
    # GIVEN one organization with many batches waiting, and others with some
    stream = LogStream(path)
    stream.put([Record("k", "Wanted", b"0", "org_0") for _ in range(400)])
    for number in (1, 2, 3):
        stream.put([Record("k", "Wanted", b"%d" % number, f"org_{number}") for _ in range(16)])
    stream.close()

    # WHEN one thread serves them
    def make(shard: int) -> ShardReader:
        return reader(log, shard)

    waiting = WaitingShards(log, MAPPING, make)
    for _ in range(8):
        turn = waiting.take()
        assert turn is not None
        waiting.give_back(turn.reader, turn.reader.step())

    # THEN each has had its share
    assert sorted(batch[0] for batch in function.batches) == list("00112233")


def test_a_shard_that_seemed_to_have_little_is_read_a_little_at_a_time(
    function: Function, path: str, log: LogFile
) -> None:
    shard = put(path, "abcdefgh")

    reader(log, shard).step(3)

    assert function.batches == [list("abc")]
    assert position(log, shard) == 3


@dataclass
class Line:
    """A log whose shards wait for their turns, and the time they go by."""

    path: str
    log: LogFile
    now: float = 0.0

    def __post_init__(self) -> None:
        mapping = replace(MAPPING, batch_size=1_000)
        self.waiting = WaitingShards(self.log, mapping, lambda shard: reader(self.log, shard), lambda: self.now)
        assert self.waiting.take() is None

    def put(self, organization_id: str, count: int) -> None:
        """A second passes, and an organization puts so many records in one of its shards."""
        self.now += 1
        stream = LogStream(self.path)
        stream.put([Record("k", "Wanted", b"x", organization_id) for _ in range(count)])
        stream.close()

    def turn(self, *, little: bool = False) -> tuple[int, bool] | None:
        """How many records the next turn has at most, and whether it is taken apart; its batch is handled."""
        turn = self.waiting.take(little=little)
        if turn is None:
            return None
        while turn.reader.left(1):
            turn.reader.step()
        self.waiting.give_back(turn.reader, 0.0)
        return turn.most, turn.apart


@pytest.fixture
def line(function: Function, path: str, log: LogFile) -> Line:
    return Line(path, log)


def test_an_organization_alone_has_whole_batches_and_none_apart(line: Line) -> None:
    for count in (1, 100, 5_000):
        line.put("org_only", count)
        assert line.turn() == (1_000, False)


@pytest.mark.parametrize(("count", "turn"), [(1, (100, False)), (100, (100, False)), (101, (1_000, True))])
def test_a_loud_organization_has_its_turns_apart_beside_others(line: Line, count: int, turn: tuple[int, bool]) -> None:
    line.put("org_quiet", 1)
    line.turn()

    line.put("org_other", count)

    assert line.turn() == turn


def test_an_organization_is_loud_by_what_it_sends_over_time(line: Line) -> None:
    line.put("org_quiet", 1)
    line.turn()

    # Little at a time, but more than 100 a second.
    turns = []
    for _ in range(20):
        line.put("org_loud", 60)
        line.now -= 0.7
        turns.append(line.turn())
    assert turns[0] == (100, False)
    assert turns[-1] == (1_000, True)

    # It was: after a while it is one of the quiet.
    line.now += 60
    line.put("org_loud", 60)
    assert line.turn() == (100, False)


def test_a_turn_apart_is_none_of_those_with_little_to_read(line: Line) -> None:
    line.put("org_quiet", 1)
    line.turn()
    line.put("org_loud", 5_000)
    line.turn()

    # However little follows.
    line.put("org_loud", 1)

    assert line.turn(little=True) is None
    assert line.turn() == (1_000, True)


def test_what_is_handled_apart_is_called_where_the_pump_is_asked_to(
    function: Function, path: str, log: LogFile
) -> None:
    apart: list[str] = []

    def invoke(mapping: SourceMapping, shard: int, event: dict[str, Any]) -> object:
        apart.extend(base64.b64decode(record["kinesis"]["data"]).decode() for record in event["Records"])
        return None

    running = Pump(path, [replace(MAPPING, batch_size=400)], NO_WAIT, apart=invoke)
    running.start()
    stream = LogStream(path)
    stream.put([Record("k", "Wanted", b"quiet", "org_quiet")])
    wait_until(lambda: function.batches == [["quiet"]], "the quiet one was handled")
    stream.put([Record("k", "Wanted", b"loud", "org_loud") for _ in range(200)])
    stream.put([Record("k", "Wanted", b"quiet again", "org_quiet")])
    stream.close()
    wait_until(lambda: backlog(log, [MAPPING]) == 0, "the consumer got on")

    assert running.stop()
    assert apart == ["loud"] * 200
    assert function.batches == [["quiet"], ["quiet again"]]


def test_a_failing_shard_leaves_its_thread_to_the_others(function: Function, path: str, log: LogFile) -> None:
    # GIVEN many organizations whose records cannot be digested, each waiting long for its next try
    def answer(texts: list[str], numbers: list[str]) -> object:
        if "bad" in texts:
            raise UpstreamError("the table does not answer", retryable=True)
        return None

    function.answer = answer
    stream = LogStream(path)
    stream.put([Record("k", "Wanted", b"bad", f"org_{number}") for number in range(20)])
    running = Pump(path, [MAPPING], Backoff(first=60.0, longest=60.0))
    running.start()
    wait_until(lambda: function.batches.count(["bad"]) == 20, "the consumer got on")

    # WHEN one more comes whose records are good, THEN it is handled
    stream.put([Record("k", "Wanted", b"good", "org_good")])
    stream.close()
    wait_until(lambda: ["good"] in function.batches, "the consumer got on")

    assert running.stop()
    assert function.batches.count(["bad"]) == 20


def test_consumers_with_nothing_to_read_let_one_thread_look(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[str] = []
    newest = LogFile.newest

    def noted(log: LogFile) -> int:
        looks.append(threading.current_thread().name)
        return newest(log)

    monkeypatch.setattr(LogFile, "newest", noted)
    running = Pump(path, [replace(MAPPING, consumer=f"consumer{number}") for number in range(4)])
    running.start()
    started = time.monotonic()
    time.sleep(1)

    assert running.stop()

    seconds = time.monotonic() - started
    others = sum(1 for name in looks if name != "watch")
    # Each of the twelve looks at its start, when it is woken at the end, and once a second.
    assert others <= 12 * (seconds + 3)
    assert len(looks) > others


def test_a_shard_is_never_read_by_two_at_a_time(path: str, log: LogFile) -> None:
    put(path, "abcdefghijkl")
    waiting = WaitingShards(log, MAPPING, lambda shard: reader(log, shard))

    first = waiting.take()
    assert first is not None
    put(path, "m")
    time.sleep(0.05)
    assert waiting.take() is None

    waiting.give_back(first.reader, 0.0)
    again = waiting.take()
    assert again is not None
    assert again.reader is first.reader


def test_what_is_appended_while_a_shard_is_read_is_not_forgotten(function: Function, path: str, log: LogFile) -> None:
    appended = iter("bcd")

    def answer(texts: list[str], numbers: list[str]) -> object:
        if (text := next(appended, None)) is not None:
            put(path, text)
            time.sleep(0.05)
        return None

    function.answer = answer
    running = Pump(path, [MAPPING], NO_WAIT)
    running.start()
    put(path, "a")
    wait_until(lambda: [text for batch in function.batches for text in batch] == list("abcd"), "the consumer got on")

    assert running.stop()


def test_shards_without_anything_to_read_are_not_kept(function: Function, path: str, log: LogFile) -> None:
    stream = LogStream(path)
    stream.put([Record("k", "Wanted", b"x", f"org_{number}") for number in range(50)])
    stream.close()
    made: list[int] = []
    waiting = WaitingShards(log, MAPPING, lambda shard: (made.append(shard), reader(log, shard))[1])
    while turn := waiting.take():
        waiting.give_back(turn.reader, turn.reader.step())

    assert len(made) == 50
    assert vars(waiting)["_waiting"] == {}


def test_trimming_spares_what_a_consumer_has_yet_to_read(function: Function, path: str, log: LogFile) -> None:
    shard = put(path, "abcd")
    ShardLog(log, "consumer", shard, ()).checkpoint(3)
    ShardLog(log, "slower", shard, ()).checkpoint(2)
    now_ms = time.time_ns() // 1_000_000

    assert trim(log, ["consumer", "slower"], now_ms) == 0
    assert trim(log, ["consumer", "slower"], now_ms + RETENTION_MS + 60_000) == 2
    assert trim(log, ["consumer", "absent"], now_ms + RETENTION_MS + 60_000) == 0


def test_a_record_after_trimming_gets_a_number_that_no_consumer_is_past(path: str, log: LogFile) -> None:
    # GIVEN a log of which everything was read and may go
    shard = put(path, "abcd")
    ShardLog(log, "consumer", shard, ()).checkpoint(4)
    assert trim(log, ["consumer"], time.time_ns() // 1_000_000 + RETENTION_MS + 60_000) == 3

    # WHEN the next record comes THEN the consumer gets it
    put(path, "e")
    assert reader(log, shard).left(10) == 1


def test_sequence_numbers_sort_as_text() -> None:
    numbers = [sequence_number(sequence) for sequence in (1, 9, 10, 10**12)]
    assert numbers == sorted(numbers)
    assert len(numbers[0]) == 56


def test_handlers_are_loaded_by_import_path() -> None:
    assert handlers.load("json.dumps") is json.dumps


def test_an_outage_is_waited_out_however_long_and_costs_no_record(function: Function, path: str, log: LogFile) -> None:
    # Given a table that does not answer for many more tries than a record has
    def answer(texts: list[str], numbers: list[str]) -> object:
        if len(function.batches) <= 12:
            raise UpstreamError("the table does not answer", retryable=True)
        return None

    function.answer = answer
    shard = put(path, "abc")
    read_batch(reader(log, shard))

    # Then the batch stayed whole, and none of it was given up
    assert function.batches == [list("abc")] * 13
    assert failed_batches(log) == []
    assert position(log, shard) == 3
