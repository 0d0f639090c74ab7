"""The lake: Parquet files under <table>/org=<id>/dt=<YYYY-MM-DD>/. Added, replaced and removed whole.

Rows carry a revision; readers keep the latest of each row (kernel/lake_tables.py), so a row that stands in two files
does no harm.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from optiq.kernel.errors import OptiqError
from optiq.kernel.lake_tables import LakeTable

if TYPE_CHECKING:
    import pyarrow as pa


class DamagedFileError(OptiqError):
    """A file of the lake is there, and its rows cannot be read. The message names the file."""


def first_line(error: Exception) -> str:
    """What an error says first, or its name when it says nothing."""
    return (str(error).splitlines() or [type(error).__name__])[0]


@dataclass(frozen=True, slots=True)
class LakeFile:
    """A file as it was listed.

    Attributes:
        name: without `.parquet`.
        stamp: another one when a file of the same name holds other bytes.
        written_ms: when it was last written.
    """

    table: str
    organization_id: str
    day: str
    name: str
    size: int
    stamp: str
    written_ms: int

    @property
    def path(self) -> str:
        """Its place in the lake."""
        return f"{self.table}/org={self.organization_id}/dt={self.day}/{self.name}.parquet"


class Lake(Protocol):
    """Every method raises UpstreamError when the lake does not answer.

    Attributes:
        readers_ms: for so long at most a reader still opens files that it listed, or lists anew when one is gone.
    """

    readers_ms: int

    def append(self, table: str, organization_id: str, day: str, name: str, rows: "pa.Table") -> str:
        """Writes one file `name`.parquet into a partition, whole or not at all; the same name again replaces it.

        The file is durable when this returns its stamp. It keeps the metadata of the rows' schema.
        """
        ...

    def organizations(self, table: str) -> list[str]:
        """The organizations, `_platform` among them, that ever had files of the table."""
        ...

    def files(self, table: str, organization_id: str, first: str = "", last: str = "9999-12-31") -> Iterator[LakeFile]:
        """The files of these days, both included, a day after another."""
        ...

    def read(self, file: LakeFile) -> "pa.Table | None":
        """A file's rows; None when it was removed or replaced since it was listed. Raises DamagedFileError."""
        ...

    def recall(self, file: LakeFile) -> "pa.Table | None":
        """As `read`, once, from memory: None as well for what this process did not write itself a moment ago."""
        ...

    def metadata(self, file: LakeFile) -> Mapping[bytes, bytes] | None:
        """The metadata of the rows' schema, read without the rows. None and errors as of `read`."""
        ...

    def replace(self, file: LakeFile, rows: "pa.Table") -> bool:
        """Puts rows in a file's place at once: readers find the file as it was, or the new one.

        False, and nothing is done, when it was removed or replaced since it was listed. The new file is durable and was
        read back before. It keeps the metadata of the rows' schema.
        """
        ...

    def remove(self, file: LakeFile) -> None:
        """Removes a file, unless it was removed or replaced since it was listed."""
        ...


Files = Mapping[str, list[tuple[str, str]]]
"""What days are made of: names and stamps of files, by day."""


def files_by_day(lake: Lake, table: LakeTable, organization_id: str) -> Files:
    """The files of an organization's table. Raises UpstreamError: the lake does not answer."""
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for file in lake.files(table.name, organization_id):
        found[file.day].append((file.name, file.stamp))
    return dict(found)
