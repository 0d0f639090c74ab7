"""The list of events as JSON."""

from dataclasses import asdict

from optiq.reports.contracts import EventPage
from pydantic import BaseModel, ConfigDict, Field


class ListedEventDocument(BaseModel):
    """An event as it was stored. `left_out` is why it counts in no report, or "", and `left_out_because` says so in a
    sentence. `warnings` tell what of it could not be read, a sentence each.
    """

    event_id: str
    occurred_at: str
    received_at: str
    kind: str
    name: str
    customer_id: str
    url: str
    value_micros: int | None
    currency: str
    from_server: bool
    left_out: str = Field(examples=["BOT"])
    left_out_because: str
    warnings: list[str]


class EventsDocument(BaseModel):
    """Newest first; `cursor` asks for the next page and is null at the end. Days are days in `timezone`. `note` says
    when no event of these days has the name or the customer asked for; otherwise it is "".
    """

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)

    from_day: str = Field(alias="from")
    to_day: str = Field(alias="to")
    timezone: str
    items: list[ListedEventDocument]
    cursor: str | None
    note: str

    @classmethod
    def of(cls, page: EventPage) -> "EventsDocument":
        return cls(**asdict(page))
