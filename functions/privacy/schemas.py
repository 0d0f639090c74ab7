"""Requests of people about their data, as the API writes them."""

from typing import Annotated, Literal

from optiq.kernel.schemas import In, Instant, OrNull, Out, PageOut, shows
from optiq.privacy.contracts import Kind, PersonRequest
from pydantic import Field, StrictInt


class PersonRequestIn(In):
    """`identifiers` are the person's user ids, e-mails, phone numbers or device ids, as they were sent to Optiq."""

    kind: Kind
    identifiers: list[str] = Field(min_length=1, max_length=20, examples=[["ann@shop.example"]])


class PersonRequestPatch(In):
    """VERIFIED says that the officer verified who asks: the work begins, or begins again. REFUSED needs a `reason`."""

    status: Literal["VERIFIED", "REFUSED"]
    reason: str = ""
    version: StrictInt | None = None


@shows(PersonRequest, but=("before", "after"))
class PersonRequestOut(Out):
    """`before` and `after` are rows by table: what was found, and what is left. `export_until` ends the download."""

    before: dict[str, int]
    after: dict[str, int]
    verified_at: Annotated[Instant | None, OrNull]
    erased_at: Annotated[Instant | None, OrNull]
    done_at: Annotated[Instant | None, OrNull]
    export_until_at: Annotated[Instant | None, OrNull]


class PersonRequestsOut(PageOut[PersonRequestOut]):
    """Newest first."""
