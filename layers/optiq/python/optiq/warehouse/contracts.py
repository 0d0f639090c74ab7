"""Where an organization has its lake copied to, and how the last copy went."""

from dataclasses import dataclass, field
from typing import Literal, TypedDict

DestinationKind = Literal["FOLDER", "S3"]
CopyStatus = Literal["NEVER", "RUNNING", "DONE", "LEFT", "FAILED"]
"""LEFT: time was up; the next run goes on."""


@dataclass(frozen=True, slots=True)
class Destination:
    """
    Attributes:
        kind: FOLDER is one of the machine that Optiq runs on, S3 a bucket there or at a store like it.
        bucket, prefix, region: of S3; the prefix ends with a slash or is empty.
        endpoint: address of a store like S3; "" for AWS's own.
        role_arn: of a role that trusts Optiq's account for the organization's id; "" where keys are used.
        access_key_id: of the keys, or "". sealed_secret: their secret, sealed.
        active: the lake is copied; otherwise it rests.
        version: grows by one with every change; 0 is what every organization begins with: nothing is copied.
    """

    organization_id: str
    kind: DestinationKind = "S3"
    bucket: str = ""
    prefix: str = ""
    region: str = ""
    endpoint: str = ""
    role_arn: str = ""
    access_key_id: str = ""
    sealed_secret: str = field(default="", repr=False)
    active: bool = False
    version: int = 0


class DestinationChange(TypedDict, total=False):
    """What to change; what is absent stays. `secret_access_key` is sealed before it is kept."""

    kind: DestinationKind
    bucket: str
    prefix: str
    region: str
    endpoint: str
    role_arn: str
    access_key_id: str
    secret_access_key: str
    active: bool


@dataclass(frozen=True, slots=True)
class LastCopy:
    """How the last run went.

    Attributes:
        started_ms, finished_ms: None where it did not.
        days: how many days of tables it copied. rows, size: of these, in bytes.
        reason: why it failed, or "".
    """

    status: CopyStatus = "NEVER"
    started_ms: int | None = None
    finished_ms: int | None = None
    days: int = 0
    rows: int = 0
    size: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What does not wait for the next day.

    Attributes:
        wanted_ms: since when a copy is wanted, such as after a person was erased. clean_ms: when files that were
            replaced can be removed. None for neither.
    """

    wanted_ms: int | None = None
    clean_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Copied:
    """What a run copied.

    Attributes:
        left: time was up. replaced_ms: since when the oldest file waits that no day has any more; None for none.
    """

    days: int = 0
    rows: int = 0
    size: int = 0
    left: bool = False
    replaced_ms: int | None = None

    def __add__(self, other: "Copied") -> "Copied":
        since = [one.replaced_ms for one in (self, other) if one.replaced_ms is not None]
        return Copied(
            self.days + other.days,
            self.rows + other.rows,
            self.size + other.size,
            self.left or other.left,
            min(since, default=None),
        )


@dataclass(frozen=True, slots=True)
class CopyRuns:
    """How many organizations a run copied, left to the next, and failed at."""

    done: int = 0
    left: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """Some days of a table, as one file to download. `size` is of the lake's files that they are in, in bytes."""

    table: str
    first_day: str
    last_day: str
    size: int
