"""The lake on one machine: a folder with the layout of the bucket."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

import pyarrow as pa

from optiq.kernel.errors import UpstreamError
from optiq.ports.lake_parquet import write_parquet


class FolderLake:
    """The lake port. A file appears under its name only when it is whole and on disk."""

    def __init__(self, root: str) -> None:
        self._root = Path(root)

    def append(self, table: str, organization_id: str, day: str, name: str, rows: pa.Table) -> None:
        folder = self._root / table / f"org={organization_id}" / f"dt={day}"
        # Readers glob *.parquet, which a draft does not match.
        draft = folder / f".{name}.{secrets.token_hex(4)}.draft"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with draft.open("xb") as file:
                write_parquet(rows, file)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(folder / f"{name}.parquet")
        except (OSError, pa.ArrowException) as error:
            with suppress(OSError):
                draft.unlink()
            raise UpstreamError(f"a file of the lake's {table} could not be written", retryable=True) from error
