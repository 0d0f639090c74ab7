"""Databases of DuckDB in memory, each for the files of one organization. Some are kept: one takes 10 ms of CPU to make.

One statement at a time runs in a database, so that its limits are the statement's. What failed in whatever way is
not used again.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import duckdb

from optiq.ports.duckdb_views import quoted

_BOUNDS: dict[str, str | bool | int | float | list[str]] = {"memory_limit": "25%"}
"""Of the machine's memory, for one statement: DuckDB's own 80 % would let two statements at once exhaust it."""
# What Athena does: whole-number division, nulls last, instants without an offset are UTC. A file may be replaced under
# its name, so nothing of it is remembered.
_AS_ATHENA = """
SET GLOBAL integer_division = true; SET GLOBAL default_null_order = 'nulls_last'; SET GLOBAL TimeZone = 'UTC';
SET GLOBAL enable_external_file_cache = false
"""
_IDLE = 4


class Databases:
    """Attributes: folders: those that an organization's statements may open."""

    def __init__(self, folders: Callable[[str], Sequence[Path]]) -> None:
        self._folders = folders
        self._idle: OrderedDict[str, duckdb.DuckDBPyConnection] = OrderedDict()
        self._lock = Lock()

    @contextmanager
    def of(self, organization_id: str) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection with temporary views of its own, to a database that may open the folders and nothing else."""
        with self._lock:
            database = self._idle.pop(organization_id, None)
        database = database or self._make(organization_id)
        try:
            with database.cursor() as connection:
                yield connection
        except BaseException:
            database.close()
            raise
        self._keep(organization_id, database)

    def _make(self, organization_id: str) -> duckdb.DuckDBPyConnection:
        database = duckdb.connect(":memory:", config=_BOUNDS)
        database.execute(_AS_ATHENA)
        allowed = ", ".join(quoted(f"{folder}/") for folder in self._folders(organization_id))
        database.execute(f"SET allowed_directories = [{allowed}]")
        database.execute("SET enable_external_access = false; SET lock_configuration = true")
        return database

    def _keep(self, organization_id: str, database: duckdb.DuckDBPyConnection) -> None:
        with self._lock:
            over = [self._idle.pop(organization_id, None)]
            self._idle[organization_id] = database
            over += [self._idle.popitem(last=False)[1] for _ in range(len(self._idle) - _IDLE)]
        for each in filter(None, over):
            each.close()
