"""A place outside of Optiq that files are copied to: a folder, or a bucket of S3 or of a store like it."""

from typing import Protocol

from optiq.kernel.errors import UpstreamError


def within(name: str, content: bytes, most_bytes: int) -> bytes:
    """The content of a file that was read one byte beyond what it may have. Raises UpstreamError when it has more."""
    if len(content) > most_bytes:
        raise UpstreamError(f"{name} has more than {most_bytes:,} bytes: it is no file of Optiq", retryable=False)
    return content


class Files(Protocol):
    """Files by name. Every method raises UpstreamError."""

    def read(self, name: str, most_bytes: int) -> bytes | None:
        """A file's content; None when there is none. One with more bytes is an error."""
        ...

    def write(self, name: str, content: bytes) -> None:
        """Writes a file, whole or not at all; the same name again replaces it. It is durable when this returns."""
        ...


class Bucket(Files, Protocol):
    """Names have slashes, such as `events/day=2026-01-31/1f.parquet`. Others may put files there too."""

    def remove(self, name: str) -> None:
        """Removes a file; nothing when there is none."""
        ...
