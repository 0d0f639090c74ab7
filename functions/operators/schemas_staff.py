"""Staff as requests and answers have them."""

from typing import Annotated

from optiq.kernel.schemas import In, Instant, OrNull, Out, PageOut, shows
from optiq.operators.staff.contracts import StaffKey, StaffMember
from pydantic import Field


class StaffIn(In):
    """The user must have an account."""

    email: str = Field(max_length=320, examples=["ann@optiq.example"])


class StaffPatch(In):
    """Who is of the staff no more."""

    user_id: str = Field(max_length=60)


@shows(StaffMember, but=("version",))
class StaffMemberOut(Out):
    """`ended_at` is null while they are of the staff."""

    ended_at: Annotated[Instant | None, OrNull]


class StaffOut(PageOut[StaffMemberOut]):
    """The latest first."""


@shows(StaffKey)
class StaffKeyOut(Out):
    """`key` opens the operator's routes until `expires_at`."""
