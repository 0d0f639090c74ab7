"""CPU time of other processes, read from /proc."""

import os
from pathlib import Path

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """User and system time of a process, all its threads included. Raises OSError when there is none."""
    # The name of a process may hold spaces and brackets, but it ends with the last bracket.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_SECOND


def child_named(parent: int, word: str) -> int:
    """The child of a process whose command line has a word in it. Raises LookupError."""
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and _parent(folder) == parent and word in (folder / "cmdline").read_text():
                return int(folder.name)
        except OSError:
            continue  # it ended while we looked
    raise LookupError(f"process {parent} has no child named {word}")


def _parent(folder: Path) -> int:
    return int((folder / "stat").read_text().rpartition(")")[2].split()[1])
