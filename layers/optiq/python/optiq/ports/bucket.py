"""A place outside of Optiq that files are copied to: a folder, or a bucket of S3 or of a store like it."""

from typing import Protocol


class Bucket(Protocol):
    """Names have slashes, such as `events/day=2026-01-31/1f.parquet`. Every method raises UpstreamError."""

    def read(self, name: str) -> bytes | None:
        """A file's content; None when there is none."""
        ...

    def write(self, name: str, content: bytes) -> None:
        """Writes a file, whole or not at all; the same name again replaces it. It is durable when this returns."""
        ...

    def remove(self, name: str) -> None:
        """Removes a file; nothing when there is none."""
        ...
