"""Entries of an organization's audit log as the API writes them."""

from optiq.audit.contracts import Json
from optiq.kernel.schemas import Instant, Out, PageOut
from pydantic import AliasChoices, AliasPath, Field


class OriginOut(Out):
    """Where a request came from. `network` is a keyed hash: two are equal when the networks are."""

    network: str
    device: str
    place: str


class AuditEntryOut(Out):
    """One change. `actor` is the id of a user or key, `operator`, or empty for somebody unknown. `sequence` counts the
    entries of `context`; that of entries from before contexts had chains of their own is `earlier`.
    """

    context: str = Field(validation_alias=AliasChoices("chain", "context"), examples=["tenancy"])
    sequence: int
    occurred_at: Instant = Field(validation_alias=AliasChoices("at_ms", "occurred_at"))
    actor: str = Field(validation_alias=AliasPath("change", "actor"))
    action: str = Field(validation_alias=AliasPath("change", "action"), examples=["member.changed"])
    entity: str = Field(validation_alias=AliasPath("change", "entity"))
    before: dict[str, Json] = Field(validation_alias=AliasPath("change", "before"))
    after: dict[str, Json] = Field(validation_alias=AliasPath("change", "after"))
    origin: OriginOut = Field(validation_alias=AliasPath("change", "origin"))


class AuditEntriesOut(PageOut[AuditEntryOut]):
    """Newest first."""


class ChainVerificationOut(Out):
    """The check of one context's chain: how many entries are good from the first on, and what is wrong after them."""

    context: str = Field(validation_alias=AliasChoices("chain", "context"), examples=["tenancy"])
    good_entries: int
    fault: str


class VerificationOut(Out):
    """The check of the whole audit log. `fault` names the context whose chain is broken, and where."""

    intact: bool
    good_entries: int
    fault: str = Field(examples=["tenancy: entry 3 is missing"])
    chains: list[ChainVerificationOut]
