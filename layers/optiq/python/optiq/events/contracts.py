"""What an event is, wherever it is: in the outbox, on the bus, at a subscriber."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """A fact that a context tells others.

    Attributes:
        event_id: what subscribers know it by. An event may be delivered twice, and late.
        name: the class of the fact, such as `MailRequested`; events/schemas/ describes `data`.
        publisher: the context that published it.
        organization_id: "" for what concerns no organization.
    """

    event_id: str
    name: str
    publisher: str
    organization_id: str
    at_ms: int
    data: Mapping[str, Any]
