"""Deletions as the API reads and writes them."""

from typing import Annotated, Literal

from optiq.deletion.api import LONGEST_WAIT_DAYS, WAIT_DAYS
from optiq.deletion.contracts import Deletion, Preview
from optiq.kernel.schemas import In, Out, PageOut, shows
from pydantic import ConfigDict, Field

_WaitDays = Annotated[
    int, Field(ge=1, le=LONGEST_WAIT_DAYS, description="days until it begins; it can be cancelled meanwhile")
]
_Password = Annotated[
    str,
    Field(max_length=2_000, description="of whoever asks; a person without one has to have signed in just now"),
]


class _Proved(In):
    """It passes over fields that it does not know: a refusal repeats their names, which may be secrets in the wrong
    place.
    """

    model_config = ConfigDict(extra="ignore")


class DeletionIn(_Proved):
    """What to delete. `name` is written to confirm it: that of the site, workspace or organization."""

    kind: Literal["SITE", "WORKSPACE", "ORGANIZATION"] = Field(examples=["SITE"])
    target_id: str = Field(max_length=64, description="id of the site, workspace or organization")
    name: str = Field(max_length=300, examples=["Shop"])
    password: _Password = ""
    wait_days: _WaitDays = WAIT_DAYS


class AccountDeletionIn(_Proved):
    """The password again; a user without one has to have signed in just now."""

    password: _Password = ""


@shows(Deletion, but=("asked_by", "phase", "place", "rounds", "version"))
class DeletionOut(Out):
    """A deletion, and once it is DONE its proof: what was `deleted` and what is `kept`, by what it is, and that a check
    found nothing `remaining`. `sites` are those of a workspace.
    """


class DeletionsOut(PageOut[DeletionOut]):
    """The newest first."""


@shows(Preview)
class PreviewOut(Out):
    """What a deletion would remove. `keeps` says what stays, and why. Where it is not `complete` there is more.
    `copied_at` is when the lake was copied to your warehouse last.
    """
