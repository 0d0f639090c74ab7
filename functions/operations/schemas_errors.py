"""Errors as the API writes them."""

import json
from typing import Annotated, Self

from optiq.kernel.paging import Page
from optiq.kernel.schemas import In, Instant, OrNull, Out, PageOut, fields_of, shows
from optiq.operations.errors import api as errors
from optiq.operations.errors.contracts import ErrorCost, Issue, Occurrence, State
from pydantic import Field, StrictInt

_Never = Annotated[Instant | None, OrNull]


class ErrorPatch(In):
    """With `version`, only while the group is of that version."""

    status: State = Field(examples=["RESOLVED"])
    version: StrictInt | None = None


class FrameOut(Out):
    """One call. `variables` are masked."""

    file: str
    function: str
    line: int
    column: int
    in_app: bool
    code: str
    variables: dict[str, str]


@shows(Occurrence, but=("metadata",))
class OccurrenceOut(Out):
    """One time that the error happened. `user_id` and `customer_id` are keyed hashes."""

    metadata: dict[str, object]


@shows(Issue, but=("stack", "recent", "forget_at"))
class ErrorSummaryOut(Out):
    """A group of errors that are one. `regressed`: it happened again after somebody resolved it."""

    title: str
    resolved_at: _Never


class ErrorOut(ErrorSummaryOut):
    """`stack` is of the last occurrence, the innermost call last. `recent` are the last 10 occurrences."""

    stack: list[FrameOut]
    recent: list[OccurrenceOut]

    @classmethod
    def of(cls, issue: Issue) -> Self:
        recent = [fields_of(one) | {"metadata": json.loads(one.metadata)} for one in issue.recent]
        return cls.model_validate(_shown(issue) | {"stack": json.loads(issue.stack), "recent": recent})


class ErrorsOut(PageOut[ErrorSummaryOut]):
    """`report_to` is the address (DSN) that clients of Sentry report to."""

    report_to: str

    @classmethod
    def of(cls, page: Page[Issue], report_to: str) -> Self:
        return cls.model_validate(
            {"items": [_shown(one) for one in page.items], "cursor": page.cursor, "report_to": report_to}
        )


@shows(ErrorCost)
class ErrorCostOut(Out):
    """Of the known `visitors` who met the error, `carts` had something in the cart and placed no order within a day.
    `value` is what was in these carts.
    """


def _shown(issue: Issue) -> dict[str, object]:
    return fields_of(issue) | {"title": errors.title_of(issue)}
