"""What became of the events that reached us."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from optiq.kernel.ids import id_from

IngestResult = Literal["STORED", "DUPLICATE", "FAILED", "HELD"]


@dataclass(frozen=True, slots=True)
class IngestCounts:
    """Events of a site over some days: accepted = stored + duplicates + failed + held, exactly.

    Attributes:
        left_out: by reason, such as BOT: stored events that count in no report. Reasons without any are absent.
        warned: stored events of which a part could not be read.
        not_kept: failed events that are only counted, for there were too many.
        held: events that the plan had no room for, and that were not taken in since.
    """

    accepted: int
    stored: int
    duplicates: int
    failed: int
    left_out: Mapping[str, int] = field(default_factory=dict)
    warned: int = 0
    not_kept: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True)
class FailedEvent:
    """An event that could not be accepted, with its bytes and the reason. Without a site it names no known one.

    Attributes:
        failed_event_id: of the delivery that brought it (failed_event_id_of).
        refused: for its sender's sake, whatever the body.
    """

    organization_id: str
    site_id: str
    failed_event_id: str
    received_ms: int
    source: str
    reason: str
    body: bytes
    user_agent: str = ""
    refused: bool = False


def failed_event_id_of(received_ms: int, receipt: str) -> str:
    """The id of the failed event that a delivery brought; `receipt` names the delivery."""
    return id_from("fail", received_ms, receipt)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one record of the stream.

    Attributes:
        token_id: the ingestion token it came by, or "" for a public key.
        replay_of: the failed event it is a replay of, or "".
        left_out: why a stored event counts in no report, such as BOT; "" when it does.
        warned: a part of it could not be read and was dropped or shortened.
        not_kept: how many more failed before it, of which nothing is kept.
        was_held: it was held before, and counted so.
    """

    sequence: int
    result: IngestResult
    received_ms: int
    token_id: str = ""
    replay_of: str = ""
    left_out: str = ""
    warned: bool = False
    not_kept: int = 0
    was_held: bool = False


@dataclass(frozen=True, slots=True)
class TokenUse:
    """How many events came by a token on one day of its site, and when the last of them did."""

    day: date
    events: int
    last_ms: int
