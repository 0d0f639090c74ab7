"""What maintenance tells of itself."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Compaction:
    """What a run did.

    Attributes:
        merged: files whose rows now stand in another file as well.
        written: files that were made of them.
        removed: files whose rows had stood in another file for long enough.
        damaged: each file that cannot be read, and why. Its rows are missing from every answer; it stays as it is.
    """

    merged: int = 0
    written: int = 0
    removed: int = 0
    damaged: tuple[str, ...] = ()

    def __add__(self, other: "Compaction") -> "Compaction":
        return Compaction(
            self.merged + other.merged,
            self.written + other.written,
            self.removed + other.removed,
            tuple(dict.fromkeys((*self.damaged, *other.damaged))),
        )
