"""The data map: which entities and tables of the lake hold which class of data. Made from the manifests."""

from dataclasses import dataclass

from optiq.kernel.caller import Caller
from optiq.kernel.lake_tables import DataClass
from optiq.kernel.manifest import contexts
from optiq.retention.classes import CLASSES, Class
from optiq.retention.contracts import Retention
from optiq.retention.settings import get_retention


@dataclass(frozen=True, slots=True)
class Kept:
    """A class of data as an organization has it, with the entities of the table and the tables of the lake in it."""

    data: DataClass
    what: str
    why: str
    kept: str
    personal: str
    entities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DataMap:
    """Everything that is kept, by class."""

    retention: Retention
    classes: tuple[Kept, ...]

    @property
    def version(self) -> int:
        return self.retention.version


def data_map(caller: Caller) -> DataMap:
    found = get_retention(caller)
    return DataMap(found, tuple(_kept(data, one, found) for data, one in CLASSES.items()))


def words_of(one: Class, retention: Retention) -> str:
    """How long a class is kept, with the organization's setting."""
    return one.kept.format(days=getattr(retention, one.setting, ""))


def entities_of(data: DataClass) -> tuple[str, ...]:
    """The entities and tables of the lake in a class, by context."""
    found = []
    for context in contexts():
        found += [item.entity for item in context.items if (item.data or context.data) == data]
        found += [f"{table.name.replace('_', ' ')} (lake)" for table in context.lake if table.data == data]
    return tuple(found)


def _kept(data: DataClass, one: Class, retention: Retention) -> Kept:
    return Kept(data, one.what, one.why, words_of(one, retention), one.personal, entities_of(data))
