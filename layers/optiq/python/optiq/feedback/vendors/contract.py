"""What a platform that takes conversions is to feedback. Each is one file of `vendors/platforms/`.

An adapter writes bodies and reads answers. It asks nobody and knows no token: the request goes through the connection,
which the ads context has (ads/connections/uploading.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, runtime_checkable

from optiq.ads.connections.upload_contracts import Answered
from optiq.feedback.destinations.contracts import Destination, Platform
from optiq.feedback.match_keys.contracts import MatchKeys


@dataclass(frozen=True, slots=True)
class Rules:
    """What differs between platforms.

    Attributes:
        most: events of one request. groups: smaller ones, in which a batch is sent again to find what it refuses.
        oldest_ms: an event that is older is refused.
        resend_ms: for so long after the first attempt the platform knows an event again; None for always.
        changes: it takes another value of a conversion that it was told.
        confirms: an accepted batch is looked after until the platform says what became of it.
    """

    most: int
    oldest_ms: int
    resend_ms: int | None
    groups: tuple[int, ...] = ()
    changes: bool = False
    confirms: bool = False


@dataclass(frozen=True, slots=True)
class Matched:
    """By what a platform may find the person. There is one only of a person who permits it.

    Attributes:
        keys: in each platform's own form.
        click_ids: parameter and value of the last click on an ad of the platform. clicked_ms: when it was.
        ad_personalization: the person lets the platform choose advertisements by it, too.
    """

    keys: MatchKeys = field(default_factory=MatchKeys)
    click_ids: Mapping[str, str] = field(default_factory=dict)
    clicked_ms: int = 0
    ad_personalization: bool = False

    def __repr__(self) -> str:
        return "Matched()"


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of one conversion.

    Attributes:
        told_as: the platform's name of the event. vendor_id: what tells it from others at the platform.
        value_micros: its value now, the destination's share of it. changed_ms: when the value changed; 0 for never.
    """

    told_as: str
    vendor_id: str
    order_id: str
    occurred_ms: int
    value_micros: int
    currency: str
    changed_ms: int = 0


Outcome = Literal["ACCEPTED", "REFUSED", "PARTIAL", "RETRY", "WAIT"]
"""What a platform's answer means.

ACCEPTED: all of it. REFUSED: nothing was taken, because of what is in it. PARTIAL: some of it was taken. RETRY: nobody
knows whether it was taken. WAIT: nothing was taken, and nothing is wrong with it.
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of a platform.

    Attributes:
        code: the platform's own name of it, without a word of its text. trace: what its support finds it by.
        refused: the events at fault by their places in the batch, with a code each; none where it does not say.
    """

    outcome: Outcome
    code: str = ""
    trace: str = ""
    wait_seconds: int = 0
    refused: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Frame:
    """What is around the events of a request: `path` below the address of the platform's API, and of the body the
    beginning and the end. It is kept with a batch, so that a destination which changes meanwhile changes no resend.
    """

    path: str
    head: str
    tail: str

    def body(self, events: Sequence[str]) -> bytes:
        return f"{self.head}{','.join(events)}{self.tail}".encode()


class Vendor(Protocol):
    """A platform that takes conversions."""

    platform: Platform
    title: str
    rules: Rules
    clicks: tuple[str, ...]
    """Parameters of its click ids, the best first."""

    def found_by(self, matched: Matched) -> tuple[str, ...]:
        """What the platform can find the person by, such as email and click; none where it cannot."""
        ...

    def lacks(self, told: Told, matched: Matched) -> str:
        """Why the platform would refuse an event, as a reason (`feedback/reasons.py`); "" where it would not."""
        ...

    def event(self, destination: Destination, told: Told, matched: Matched) -> str:
        """One event as JSON text."""
        ...

    def frame(self, destination: Destination, *, test: bool = False) -> Frame:
        """What is around events. With `test` they go to the platform's test tool and count nowhere."""
        ...

    def read(self, answered: Answered, size: int) -> Answer:
        """What an answer to a batch of a size means."""
        ...


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a platform says of a batch that it accepted.

    Attributes:
        state: PROCESSING: ask later. DONE: it says what became of it.
        failed: how many events were not taken, by reason. Which ones they are it does not say.
    """

    state: Literal["PROCESSING", "DONE"]
    failed: Mapping[str, int] = field(default_factory=dict)


@runtime_checkable
class Confirming(Vendor, Protocol):
    """A platform that says later what became of a batch."""

    def status_path(self, trace: str, /) -> str:
        """The path that tells it."""
        ...

    def read_status(self, answered: Answered, /) -> Confirmation:
        """What it says; PROCESSING for what cannot be read."""
        ...

    def wait_of(self, reason: str, /) -> int | None:
        """After so many seconds an event that failed for this reason may be taken; None for never."""
        ...
