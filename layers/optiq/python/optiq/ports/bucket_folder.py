"""A folder as the place that files are copied to."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from optiq.kernel.errors import UpstreamError
from optiq.ports.bucket import within


class FolderBucket:
    """A file appears under its name only when it is whole and on disk."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def read(self, name: str, most_bytes: int) -> bytes | None:
        try:
            with (self._root / name).open("rb") as file:
                return within(name, file.read(most_bytes + 1), most_bytes)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise UpstreamError(f"{name} could not be read: {error.strerror}", retryable=True) from error

    def write(self, name: str, content: bytes) -> None:
        path = self._root / name
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.draft")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with draft.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
            self._keep_name(path.parent)
        except OSError as error:
            with suppress(OSError):
                draft.unlink()
            raise UpstreamError(f"{name} could not be written: {error.strerror}", retryable=True) from error

    def remove(self, name: str) -> None:
        try:
            (self._root / name).unlink(missing_ok=True)
        except OSError as error:
            raise UpstreamError(f"{name} could not be removed: {error.strerror}", retryable=True) from error

    @staticmethod
    def _keep_name(folder: Path) -> None:
        """Until then a loss of power may take the new name away."""
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
