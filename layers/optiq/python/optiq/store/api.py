"""Entities in the one table: a frozen dataclass and its keys are all that a context writes of one.

The record is made from the dataclass. Every change is one transaction with its entry in the organization's audit log,
which holds the fields that differ.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from itertools import islice
from typing import Any, Generic, Protocol, TypeVar

from optiq.audit import api as audit
from optiq.audit.contracts import Change
from optiq.kernel.caller import Caller
from optiq.kernel.errors import ConflictError, NotFoundError, VersionError, require_version
from optiq.kernel.keys import Key
from optiq.kernel.paging import Page, page_of, place_after
from optiq.kernel.records import entity_in, record_of, values_of
from optiq.kernel.table import Put, Record

CHANGED = "it was changed at the same time: read it and try again"
_UNAUDITED = frozenset({"organization_id", "created_ms", "version"})


class Versioned(Protocol):
    """What every entity has: whose it is, and a version that grows by one with every change."""

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
        id_of: an entity's id. key_of: its key in the table.
        listed: its place in the index, partition and position, for a kind that is listed.
    """

    kind: type[E]
    name: str
    id_of: Callable[[E], str]
    key_of: Callable[[E], Key]
    listed: Callable[[E], tuple[str, str]] | None = None

    def get(self, caller: Caller, key: Key) -> E:
        """An entity of the caller's organization. Raises NotFoundError."""
        found = self.find(key)
        if found is None or found.organization_id != caller.organization_id:
            raise NotFoundError(f"there is no such {self.name}")
        return found

    def find(self, key: Key) -> E | None:
        """An entity of whatever organization; for what is looked up before the tenant is known."""
        for record in self._record.batch_get([tuple(key)], consistent_read=True):
            return self.read(record)
        return None

    def read(self, record: Record) -> E:
        """The entity in a record that was read in another way."""
        entity: E = entity_in(self.kind, record)
        return entity

    def page(self, partition: str, limit: int, cursor: str | None) -> Page[E]:
        """A page of a partition of the index, the last position first. Raises InvalidError for a foreign cursor."""
        of_list = f"{self.name}:{partition}"
        after = place_after(cursor, of_list)
        index = self._record.by_second_key  # type: ignore[attr-defined]
        below = index.gsi1sk < after if after else None
        found = index.query(partition, below, scan_index_forward=False, limit=limit + 1)
        entities = [self.read(record) for record in islice(found, limit + 1)]
        return page_of(of_list, entities, limit, lambda one: self._place(one)[1])

    def add(self, caller: Caller, entity: E) -> E:
        """Writes a new entity. Raises ConflictError when its key is taken."""
        if not self._write(caller, entity, self._record.pk.does_not_exist(), "created", {}, self._told(entity)):
            raise ConflictError(f"there is such a {self.name} already")
        return entity

    def change(self, caller: Caller, before: E, after: E, expected_version: int | None = None) -> E:
        """Writes what changed, as a new version; nothing when nothing did.

        Raises:
            VersionError: another version is stored than the caller expects, or somebody changed it just then.
        """
        require_version(expected_version, before.version)
        if after == before:
            return before
        after = replace(after, version=before.version + 1)  # type: ignore[type-var]
        old, new = self._told(before), self._told(after)
        differing = [name for name in new if new[name] != old[name]]
        told = [{name: fields[name] for name in differing} for fields in (old, new)]
        unchanged = self._record.version == before.version  # type: ignore[attr-defined]
        if not self._write(caller, after, unchanged, "changed", *told):
            raise VersionError(CHANGED)
        return after

    @property
    def _record(self) -> type[Record]:
        return record_of(self.kind)

    def _place(self, entity: E) -> tuple[str, str]:
        if self.listed is None:
            raise TypeError(f"a {self.name} is in no list")
        return self.listed(entity)

    def _write(
        self, caller: Caller, entity: E, condition: Any, verb: str, old: Mapping[str, Any], new: Mapping[str, Any]
    ) -> bool:
        index = dict(zip(("gsi1pk", "gsi1sk"), self._place(entity), strict=True)) if self.listed else {}
        values: dict[str, Any] = index | values_of(entity)
        key = self.key_of(entity)
        record = self._record(key.pk, key.sk, **values)
        action = f"{self.name}.{verb}"
        entry = Change(caller.organization_id, caller.actor, action, self.id_of(entity), old, new, caller.origin)
        return audit.commit([Put(record, condition)], [entry])

    def _told(self, entity: E) -> dict[str, Any]:
        return {name: value for name, value in asdict(entity).items() if name not in _UNAUDITED}  # type: ignore[call-overload]
