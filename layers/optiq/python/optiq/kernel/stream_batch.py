"""A batch of the stream, as Lambda hands it to a consumer."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

M = TypeVar("M")
_SEQUENCE_DIGITS = 64


@dataclass(frozen=True, slots=True)
class Delivered(Generic[M]):
    """A message, and where it is on the stream."""

    message: M
    shard: str
    sequence: int

    @property
    def place(self) -> str:
        """As `place_of`."""
        return place_of(self.sequence)


def place_of(sequence: int) -> str:
    """A sequence number as a text; texts of one shard sort as the numbers do."""
    return f"{sequence:0{_SEQUENCE_DIGITS}d}"


def read_batch(event: Mapping[str, Any], read: Callable[[bytes], M]) -> tuple[list[Delivered[M]], dict[str, Any]]:
    """The messages before the first that cannot be read, and the answer to Lambda, which reports that one as failed.

    Args:
        read: makes a message of a record's bytes; its ValueError says that it cannot.
    """
    found: list[Delivered[M]] = []
    for record in event["Records"]:
        sequence = record["kinesis"]["sequenceNumber"]
        try:
            message = read(base64.b64decode(record["kinesis"]["data"]))
        except ValueError:
            return found, {"batchItemFailures": [{"itemIdentifier": sequence}]}
        found.append(Delivered(message, record["eventID"].partition(":")[0], int(sequence)))
    return found, {"batchItemFailures": []}
