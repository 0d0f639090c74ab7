"""The lake: Parquet files under <table>/org=<id>/dt=<YYYY-MM-DD>/. Appended to, never changed in place.

Rows carry a revision; readers keep the latest of each row (see optiq.lake), so writing a row twice is harmless.
"""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pyarrow as pa


class Lake(Protocol):
    def append(self, table: str, organization_id: str, day: str, name: str, rows: "pa.Table") -> None:
        """Writes one file `name`.parquet into a partition, whole or not at all; the same name again replaces it.

        Raises:
            UpstreamError: the file was not written.
        """
        ...
