"""One object that says whose events are refused: written by billing, read where events are received."""

from typing import Protocol


class EdgeLimits(Protocol):
    """Every method raises UpstreamError when the object cannot be reached."""

    poll_seconds: float
    """How old a copy may be before it is read again."""

    def read(self, tag: str) -> tuple[bytes, str] | None:
        """The content and its tag; None when it still has this tag; nothing, with the tag "", where there is none."""
        ...

    def write(self, content: bytes) -> None: ...
