"""The edge's limits in a file."""

from pathlib import Path

from optiq.kernel.errors import UpstreamError
from optiq.ports.bucket_folder import FolderBucket


class FileEdgeLimits:
    """The port `EdgeLimits`."""

    poll_seconds = 1.0

    def __init__(self, path: str) -> None:
        self._path = Path(path)

    def read(self, tag: str) -> tuple[bytes, str] | None:
        try:
            status = self._path.stat()
            found = f"{status.st_mtime_ns}-{status.st_ino}"
            return None if found == tag else (self._path.read_bytes(), found)
        except FileNotFoundError:
            return b"", ""
        except OSError as error:
            raise UpstreamError(f"the edge's limits could not be read: {error.strerror}", retryable=True) from error

    def write(self, content: bytes) -> None:
        FolderBucket(self._path.parent).write(self._path.name, content)
