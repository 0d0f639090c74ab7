"""What became of the events that arrived, as the API writes it."""

import base64
from typing import Annotated, Any

from optiq.kernel.schemas import In, Instant, Out, PageOut
from pydantic import Field, model_validator


class IngestCountsOut(Out):
    """Events by what became of them; accepted = stored + duplicates + failed + held, exactly.

    Of those stored, `left_out` counts the events that are in no report, by reason, and `warned` those of which a part
    could not be read. The list of events (`/events`) shows which they are. Of those that failed, `not_kept` counts the
    events that are only counted: there were too many at a time, and their senders showed no secret key. `held` had no
    room in the organization's plan: they are in no report, and are taken in with a larger plan, for 30 days.
    """

    accepted: int
    stored: int
    duplicates: int
    failed: int
    left_out: dict[str, int] = Field(examples=[{"BOT": 12, "OPTED_OUT": 3}])
    warned: int
    not_kept: int
    held: int


class FailedEventOut(Out):
    """An event that could not be accepted; `body` is what was sent, `body_base64` when that is not UTF-8."""

    failed_event_id: str
    received_at: Instant
    source: str
    reason: str
    body: str | None
    body_base64: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _readable(cls, found: Any) -> Any:
        """Shows the bytes of a failed event as a text, as far as they are one."""
        if isinstance(found, dict):
            return found
        shown = {name: getattr(found, name) for name in ("failed_event_id", "received_ms", "source", "reason")}
        try:
            return shown | {"body": found.body.decode()}
        except UnicodeDecodeError:
            return shown | {"body": None, "body_base64": base64.b64encode(found.body).decode()}


class FailedEventsOut(PageOut[FailedEventOut]):
    """Newest first."""


class ReplayedEventIn(In):
    """A failed event to replay; `body` is what to read instead of what was kept, in the form it came in."""

    failed_event_id: Annotated[str, Field(max_length=100)]
    body: str | None = None


class ReplayIn(In):
    """Which failed events: those named, or all (from `cursor` on)."""

    events: Annotated[tuple[ReplayedEventIn, ...], Field(max_length=100)] = ()
    cursor: str | None = None


class StillFailingOut(Out):
    failed_event_id: str
    reason: str


class ReplayOut(Out):
    """What a replay came to; `failures` are the first 100 of those that still fail."""

    replayed: int
    still_failing: int
    failures: list[StillFailingOut]
    cursor: str | None
