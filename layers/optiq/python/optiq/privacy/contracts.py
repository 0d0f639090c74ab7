"""A person's request, and the proof of what was done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["ACCESS", "ERASE", "ANONYMISE"]
"""ACCESS: everything that is kept of the person. ERASE: all of it goes; conversions keep their value, as nobody's.
ANONYMISE: events and visits stay too, as nobody's."""
Status = Literal["RECEIVED", "VERIFIED", "RUNNING", "DONE", "REFUSED"]


@dataclass(frozen=True, slots=True)
class PersonRequest:
    """What somebody asks for who says that data is theirs.

    Attributes:
        requested_by: who entered it, a user or a key.
        due_ms: a month after it was received.
        identifiers: how many the person gave. hashes: of them, keyed with the organization; none before they are
            verified.
        reason: why it was refused, or what stopped it: then it is VERIFIED again.
        erased_ms: what happened or came until then is concerned.
        before, after: rows of each table that were the person's, and that are after all was done.
        customers: how many identifiers of the sites were the person's.
        export_until_ms: so long the data can be downloaded.
    """

    organization_id: str
    request_id: str
    kind: Kind
    status: Status
    requested_by: str
    created_ms: int
    due_ms: int
    identifiers: int
    version: int = 1
    verified_ms: int = 0
    verified_by: str = ""
    hashes: tuple[str, ...] = ()
    reason: str = ""
    runs: int = 0
    erased_ms: int = 0
    customers: int = 0
    before: Mapping[str, int] = field(default_factory=dict)
    after: Mapping[str, int] = field(default_factory=dict)
    done_ms: int = 0
    export_until_ms: int = 0


@dataclass(frozen=True, slots=True)
class PersonErased:
    """Nothing of a person is left in table and lake: whoever has a copy of the lake has to make it anew."""

    request_id: str
