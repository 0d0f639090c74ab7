"""What comes in, and how it is answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from optiq.kernel.errors import InvalidError
from optiq.kernel.quotas import Quota


class OversizeError(InvalidError):
    """A body or a message that is refused for its size, whatever is in it: only its beginning is kept."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One request as it reached us.

    Attributes:
        source: the route it came by, such as `POST /v1/track`.
        body: the bytes as sent (for the pixel: the query string).
        user_agent, ip: of the client; the address decides about access and limits, and is never kept.
        received_ms: on our clock.
        encoding: how the body is compressed, as its Content-Encoding says; "" when it is not.
        opted_out: the browser sent Do Not Track or Global Privacy Control. gpc: the latter.
        named_ip: the visitor's address by the word of a program that decides nothing about access; "" for `ip`.
    """

    source: str
    body: bytes
    user_agent: str
    ip: str
    received_ms: int
    encoding: str = ""
    opted_out: bool = False
    gpc: bool = False
    named_ip: str = ""

    @property
    def visitor_ip(self) -> str:
        """Where the visitor is: for the place and for hashing, and never kept."""
        return self.named_ip or self.ip


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose events these are.

    Attributes:
        trusted_clock: a server, whose word on when something happened is taken.
        token_id: the ingestion token it showed; "" for a page's public key.
        may_import: it may send what happened longer ago than `normalise.IMPORT_AFTER_MS`.
    """

    organization_id: str
    site_id: str
    trusted_clock: bool
    token_id: str = ""
    may_import: bool = False

    @property
    def from_server(self) -> bool:
        """It showed a secret key, which is what makes its clock trusted."""
        return self.trusted_clock


@dataclass(frozen=True, slots=True)
class Posted:
    """A server's request, read.

    Attributes:
        delivery: the request, its body as it was before compression.
        body: the JSON object in it.
        write_key: the key the body carries, or "".
    """

    delivery: Delivery
    body: Mapping[str, Any]
    write_key: str


@dataclass(frozen=True, slots=True)
class Rejection:
    """An event of a request that was not accepted: its position, its id if it had one, and why."""

    index: int
    event_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reception:
    """What became of a request whose body could be read. Both kinds of event are durable by now.

    `quotas` is what is left to a server that sends.
    """

    accepted: int
    rejected: tuple[Rejection, ...]
    quotas: tuple[Quota, ...] = ()


@dataclass(frozen=True, slots=True)
class Replay:
    """A failed event to be read again.

    Attributes:
        source: the route it came by, or `stream`.
        body: the bytes that were kept. corrected: what to read instead, or None.
        received_ms: when it first came.
    """

    failed_event_id: str
    source: str
    body: bytes
    user_agent: str
    received_ms: int
    corrected: bytes | None = None
