"""The list of events as the API writes it."""

from optiq.kernel.schemas import Day, Instant, Micros, Out, PageOut
from pydantic import Field


class EventOut(Out):
    """An event as it was stored. `left_out` is why it counts in no report, or "", and `left_out_because` says so in a
    sentence. `warnings` say what of it could not be read, a sentence each.
    """

    event_id: str
    occurred_at: Instant
    received_at: Instant
    kind: str
    name: str
    customer_id: str
    url: str
    value_micros: Micros | None
    currency: str
    from_server: bool
    left_out: str = Field(examples=["BOT"])
    left_out_because: str
    warnings: list[str]


class EventsOut(PageOut[EventOut]):
    """Newest first. Days are days in `timezone`. `note` says when no event of these days has the name or the customer
    asked for; otherwise it is "".
    """

    from_day: Day
    to_day: Day
    timezone: str
    note: str
