"""SQL over the lake, in Athena's dialect, within one organization."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from optiq.kernel.clock import to_rfc3339

if TYPE_CHECKING:
    import pyarrow as pa

Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Result:
    """Rows in the order the query gave them, with their column names."""

    columns: tuple[str, ...]
    rows: list[tuple[Value, ...]]


@dataclass(frozen=True, slots=True)
class DamagedFile:
    """A file of the lake whose rows are missing from answers, for it cannot be read.

    Attributes:
        day: of its partition.
        path: its place in the lake.
    """

    table: str
    day: str
    path: str


def timestamp_text(instant_ms: int) -> str:
    """An instant as a statement's parameter, to be cast AS TIMESTAMP."""
    return to_rfc3339(instant_ms).replace("T", " ").removesuffix("Z")


class Query(Protocol):
    def run(self, sql: str, organization_id: str, parameters: Sequence[Value] = ()) -> Result:
        """Runs one SELECT; `?` takes the parameters in order; the lake's tables go by their names.

        Only the organization's own files can be read. Integers and decimals without a fraction come as int,
        timestamps as RFC 3339 text.

        Raises:
            UpstreamError: the query failed.
        """
        ...

    def arrow(
        self, sql: str, organization_id: str, schema: "pa.Schema", parameters: Sequence[Value] = ()
    ) -> "pa.Table":
        """As `run`, in columns: for answers of many rows, which come in any order.

        The statement selects the columns of `schema` by name; each comes in the type it has there.

        Raises:
            UpstreamError: the query failed, or its answer does not fit the schema.
        """
        ...

    def damaged_files(self, organization_id: str, tables: Sequence[str]) -> list[DamagedFile]:
        """The files of these tables that answers of this process had to leave out, and that are as they were then."""
        ...

    def stamp(self, organization_id: str, read: Mapping[str, tuple[str, str]]) -> str:
        """Another text whenever a file of these tables is added, replaced or removed.

        Args:
            read: the first and the last day of each table.

        Raises:
            UpstreamError: the lake cannot be listed.
        """
        ...


def stamp_of(files: object) -> str:
    """A short text that tells one thing seen in the lake, such as a listing of files, from another."""
    return hashlib.blake2b(repr(files).encode(), digest_size=16).hexdigest()
