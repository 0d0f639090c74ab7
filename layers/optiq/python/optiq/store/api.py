"""Entities in the one table: a frozen dataclass and its keys are all that a context writes of one.

The record is made from the dataclass. Every change is one transaction with its entry in the organization's audit log,
which holds the fields that differ. Nothing is deleted: what is over is archived, by a field of its own.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from inspect import signature
from itertools import islice
from typing import Any, Generic, Protocol, TypeVar

from optiq.audit.contracts import Change, Json
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import ConflictError, NotFoundError, VersionError, require_version
from optiq.kernel.ids import may_be_id
from optiq.kernel.keys import Key
from optiq.kernel.paging import Page, page_of, place_after
from optiq.kernel.records import entity_in, record_of, values_of
from optiq.kernel.table import BySecondKey, Condition, Put, Record, Update
from optiq.store.auditing import audited_fields
from optiq.store.transactions import CHANGED, Claim, Transaction, holder_of, moved

__all__ = ["CHANGED", "Claim", "Store", "Transaction", "audited_fields", "holder_of"]


class Versioned(Protocol):
    """What every entity has: its organization, and a version that grows by one with every change."""

    @property
    def organization_id(self) -> str: ...
    @property
    def version(self) -> int: ...


E = TypeVar("E", bound=Versioned)


@dataclass(frozen=True)
class Store(Generic[E]):
    """The entities of one kind.

    Attributes:
        kind: the dataclass. name: what people call one, such as `link`; entries of the audit log begin with it.
        key: an entity's key in the table by its ids. Parameters are named as the fields; the last is the entity's id.
        listed: its place in the index, partition and position, or None; for a kind that is listed there.
        claims: what an entity has and no other may have.
        audited: what the audit log has of an entity; its ids are left out.
    """

    kind: type[E]
    name: str
    key: Callable[..., Key]
    listed: Callable[[E], tuple[str, str] | None] | None = None
    claims: Callable[[E], Sequence[Claim]] | None = None
    audited: Callable[[E], Mapping[str, Json]] = audited_fields

    def get(self, caller: Caller, *ids: str) -> E:
        """An entity of the caller's organization, by its ids but the organization's. Raises NotFoundError."""
        own = (caller.organization_id, *ids) if self._ids[0] == "organization_id" else ids
        found = self.find(*own)
        if found is None or found.organization_id != caller.organization_id:
            raise self.unknown()
        return found

    def find(self, *ids: str, consistent: bool = True) -> E | None:
        """An entity by all its ids; for what is looked up before the tenant is known, or may be missing."""
        if not all(map(may_be_id, ids)):
            return None
        try:
            return self.read(self._record.get(*self.key(*ids), consistent_read=consistent))
        except self._record.DoesNotExist:
            return None

    def unknown(self) -> NotFoundError:
        return NotFoundError(f"there is no such {self.name}")

    def read(self, record: Record) -> E:
        """The entity in a record that was read in another way."""
        return entity_in(self.kind, record)

    def find_each(self, ids: Iterable[str]) -> list[E]:
        """Those of several entities that are there, each by its only id, in any order."""
        return [self.read(record) for record in self._record.batch_get([tuple(self.key(each)) for each in ids])]

    def all_of(self, *ids: str, newest_first: bool = False) -> Iterator[E]:
        """All entities of a partition, by id: `ids` are all ids but the last, or fewer."""
        left_out = len(self._ids) - len(ids)
        prefix = self.key(*ids, *[""] * left_out)
        within = prefix.sk if left_out == 1 else f"{prefix.sk.rstrip('#')}#"
        found = self._record.query(
            prefix.pk, self._record.sk.startswith(within), scan_index_forward=not newest_first, consistent_read=True
        )
        return map(self.read, found)

    def page_by_id(
        self,
        *ids: str,
        limit: int,
        cursor: str | None,
        newest_first: bool = False,
        where: Callable[[E], bool] = lambda _: True,
    ) -> Page[E]:
        """A page of a partition, as `all_of`. Raises InvalidError for another list's cursor."""
        prefix = self.key(*ids, "")
        of_list = f"{self.name}:{prefix.pk}"
        after = place_after(cursor, of_list)
        first, last = prefix.sk, f"{prefix.sk}~"  # behind every id, as ids are ASCII
        if after:
            first, last = (first, prefix.sk + after) if newest_first else (prefix.sk + after, last)
        found = self._record.query(
            prefix.pk,
            self._record.sk.between(first, last),
            scan_index_forward=not newest_first,
            consistent_read=True,
            page_size=limit + 2,
        )
        chosen = (each for each in map(self.read, found) if self.id_of(each) != after and where(each))
        return page_of(of_list, list(islice(chosen, limit + 1)), limit, self.id_of)

    def page(self, partition: str, limit: int, cursor: str | None) -> Page[E]:
        """A page of a partition of the index, the last position first. Raises InvalidError as `page_by_id`."""
        of_list = f"{self.name}:{partition}"
        after = place_after(cursor, of_list)
        below = self._record.gsi1sk < after if after else None
        found = self._index.query(partition, below, scan_index_forward=False, limit=limit + 1)
        entities = [self.read(record) for record in islice(found, limit + 1)]
        return page_of(of_list, entities, limit, lambda one: self._place(one)[1])

    def in_index(self, partition: str, position: str = "") -> list[E]:
        """All entities of a partition of the index, or those at one position; right to a second or so."""
        at = self._record.gsi1sk == position if position else None
        return [self.read(record) for record in self._index.query(partition, at)]

    def add(self, caller: Caller, entity: E, clock: Clock = system_clock) -> E:
        """Writes a new entity. Raises ConflictError when its key or what it claims is taken."""
        try:
            self.adding(caller, entity, clock=clock).commit()
        except VersionError as error:
            raise ConflictError(f"there is such a {self.name} already") from error
        return entity

    def adding(
        self, caller: Caller, entity: E, *, entry: Change | None = None, clock: Clock = system_clock
    ) -> Transaction:
        """What writes a new entity, to be committed with more; `entry` is for the audit log, in place of the usual."""
        unused = self._record.pk.does_not_exist()
        entry = entry or self._entry(caller, entity, self._action("created"), {}, self._audited(entity))
        return self._writing(entity, unused, entry) + moved(self.id_of(entity), (), self._claims(entity), clock())

    def change(
        self, caller: Caller, before: E, after: E, expected_version: int | None = None, clock: Clock = system_clock
    ) -> E:
        """Writes what changed, as a new version; nothing when nothing did.

        Raises:
            VersionError: another version is stored than the caller expects, or somebody changed it just then.
            ConflictError: another has what it claims.
        """
        self.require_version(before, expected_version)
        if after == before:
            return before
        after, transaction = self.changing(caller, before, after, clock=clock)
        transaction.commit()
        return after

    def require_version(self, entity: E, expected_version: int | None) -> None:
        """Raises VersionError unless the entity is of the version expected, if any is."""
        require_version(expected_version, entity.version)

    def changing(
        self,
        caller: Caller,
        before: E,
        after: E,
        *,
        action: str = "",
        entry: Change | None = None,
        clock: Clock = system_clock,
    ) -> tuple[E, Transaction]:
        """The entity as its next version, and what writes it, to be committed with more.

        Args:
            action, entry: for the audit log, in place of the usual.
        """
        after = replace(after, version=before.version + 1)  # type: ignore[type-var]
        old, new = self._audited(before), self._audited(after)
        differing = [name for name in new if new[name] != old[name]]
        old, new = ({name: values[name] for name in differing} for values in (old, new))
        entry = entry or self._entry(caller, after, action or self._action("changed"), old, new)
        claims = moved(self.id_of(after), self._claims(before), self._claims(after), clock())
        return after, self._writing(after, self._is(before), entry) + claims

    def unchanged(self, entity: E) -> Transaction:
        """What writes nothing, and is refused when the entity is of another version by then."""
        version = self._record.version  # type: ignore[attr-defined]
        record = self._record(*self._key_of(entity))
        return Transaction((Update(record, [version.set(entity.version)], self._is(entity)),))

    def id_of(self, entity: E) -> str:
        return str(getattr(entity, self._ids[-1]))

    @cached_property
    def _ids(self) -> tuple[str, ...]:
        return tuple(signature(self.key).parameters)

    @property
    def _record(self) -> type[Record]:
        return record_of(self.kind)

    @property
    def _index(self) -> BySecondKey:
        index: BySecondKey = self._record.by_second_key  # type: ignore[attr-defined]
        return index

    def _is(self, entity: E) -> Condition:
        unchanged: Condition = self._record.version == entity.version  # type: ignore[attr-defined]
        # Settings of version 0 may be the ones that every site begins with, which nobody wrote.
        return unchanged if entity.version else unchanged | self._record.pk.does_not_exist()

    def _key_of(self, entity: E) -> Key:
        return self.key(*(getattr(entity, name) for name in self._ids))

    def _audited(self, entity: E) -> dict[str, Json]:
        return {name: value for name, value in self.audited(entity).items() if name not in self._ids}

    def _claims(self, entity: E) -> Sequence[Claim]:
        return self.claims(entity) if self.claims else ()

    def _place(self, entity: E) -> tuple[str, str]:
        place = self.listed(entity) if self.listed else None
        if place is None:
            raise TypeError(f"this {self.name} is in no list")
        return place

    def _action(self, verb: str) -> str:
        return f"{self.name.replace(' ', '_')}.{verb}"

    def _entry(
        self, caller: Caller, entity: E, action: str, old: Mapping[str, Json], new: Mapping[str, Json]
    ) -> Change:
        return Change(entity.organization_id, caller.actor, action, self.id_of(entity), old, new, caller.origin)

    def _writing(self, entity: E, condition: Condition, entry: Change) -> Transaction:
        place = self.listed(entity) if self.listed else None
        index = dict(zip(("gsi1pk", "gsi1sk"), place, strict=True)) if place else {}
        values: dict[str, Any] = index | values_of(entity)
        return Transaction((Put(self._record(*self._key_of(entity), **values), condition),), (entry,))
