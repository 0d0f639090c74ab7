"""An error as it travels, its group, and what it cost."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

Environment = Literal["FRONTEND", "BACKEND"]
State = Literal["OPEN", "RESOLVED"]
KEPT_DAYS = 30
"""How long an occurrence is kept, and a group after its last one."""


class Frame(BaseModel):
    """One call of a stack, the innermost last. `variables` are masked values, as texts."""

    model_config = ConfigDict(frozen=True)

    file: str = ""
    function: str = ""
    line: int = 0
    column: int = 0
    in_app: bool = False
    code: str = ""
    variables: dict[str, str] = {}


class ErrorReported(BaseModel):
    """On the stream: one error of a project, masked.

    Attributes:
        organization_id: PLATFORM, with an empty site, for Optiq itself.
        error_id: the reporter's id of the event: the same again is the same occurrence.
        issue_id: the group it belongs to.
        customer_id: the visitor it happened to, by the name journeys give them; "" where the report names none.
        user_id: a keyed hash. metadata: JSON. stack: the calls, the innermost last.
    """

    model_config = ConfigDict(frozen=True)

    type: Literal["ErrorReported"] = "ErrorReported"
    organization_id: str
    site_id: str
    error_id: str
    issue_id: str
    occurred_ms: int
    received_ms: int
    message: str
    environment: Environment
    error_type: str = ""
    error_code: str = ""
    source_file: str = ""
    source_line: int = 0
    source_column: int = 0
    caller_name: str = ""
    route: str = ""
    release: str = ""
    user_id: str = ""
    customer_id: str = ""
    metadata: str = "{}"
    stack: tuple[Frame, ...] = ()


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that an error happened, as its group has it."""

    error_id: str
    occurred_ms: int
    message: str
    release: str
    route: str
    user_id: str
    customer_id: str
    metadata: str


@dataclass(frozen=True, slots=True)
class Issue:
    """A group of errors that are one.

    Attributes:
        issue_id: SHA-256 of what they have in common, for its project.
        message: of the last occurrence; so are the source, the route, the release and `stack`, which is JSON.
        count: occurrences so far, each once.
        status: RESOLVED until it happens again.
        regressed: it happened again after somebody resolved it. regressions: how often that was.
        recent: the last occurrences, the newest first.
        forget_at: seconds; the group ends then.
    """

    organization_id: str
    issue_id: str
    site_id: str
    environment: Environment
    error_type: str
    message: str
    source_file: str
    source_line: int
    source_column: int
    caller_name: str
    route: str
    error_code: str
    first_seen_ms: int
    last_seen_ms: int
    count: int = 0
    first_release: str = ""
    release: str = ""
    status: State = "OPEN"
    regressed: bool = False
    regressions: int = 0
    resolved_ms: int | None = None
    resolved_by: str = ""
    recent: tuple[Occurrence, ...] = ()
    stack: str = "[]"
    forget_at: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class ErrorCost:
    """What a group of errors cost a site.

    Attributes:
        visitors: known visitors who met it. carts: of them, those who had something in the cart, and placed no order
            within a day after it. value_micros: what was in these carts, in `currency`.
    """

    visitors: int
    carts: int
    value_micros: int
    currency: str
