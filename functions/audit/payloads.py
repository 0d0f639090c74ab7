"""Entries of an organization's book over HTTP."""

from optiq.audit.contracts import Entry, Json, Page, Verdict
from optiq.kernel.clock import to_rfc3339
from pydantic import BaseModel, Field


class OriginDocument(BaseModel):
    """From where something was done. `network` is a keyed hash: two are equal when the networks are."""

    network: str
    device: str
    place: str


class EntryDocument(BaseModel):
    """What somebody did. `actor` is the id of a person or key, `operator`, or empty for somebody unknown."""

    sequence: int
    at: str
    actor: str
    action: str = Field(examples=["member.changed"])
    entity: str
    before: dict[str, Json]
    after: dict[str, Json]
    origin: OriginDocument

    @classmethod
    def of(cls, entry: Entry) -> "EntryDocument":
        change, origin = entry.change, entry.change.origin
        return cls(
            sequence=entry.sequence,
            at=to_rfc3339(entry.at_ms),
            actor=change.actor,
            action=change.action,
            entity=change.entity,
            before=dict(change.before),
            after=dict(change.after),
            origin=OriginDocument(network=origin.network, device=origin.device, place=origin.place),
        )


class EntriesDocument(BaseModel):
    """Entries, newest first, and where the next page starts."""

    items: list[EntryDocument]
    cursor: int | None

    @classmethod
    def of(cls, page: Page) -> "EntriesDocument":
        return cls(items=[EntryDocument.of(entry) for entry in page.items], cursor=page.cursor)


class BookCheckDocument(BaseModel):
    """What a check of the whole book found: how many entries are good from the first on, and what is wrong after."""

    intact: bool
    good_entries: int
    fault: str

    @classmethod
    def of(cls, verdict: Verdict) -> "BookCheckDocument":
        return cls(intact=not verdict.fault, good_entries=verdict.good_entries, fault=verdict.fault)
