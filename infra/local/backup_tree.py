"""A copy of a folder of whole files that appear, are replaced and are removed meanwhile."""

import os
from pathlib import Path

from infra.local.backup_manifest import BackupFile, copy_file
from infra.local.home import StartError

_PASSES = 100
_Stamp = tuple[int, int, int]


def copy_tree(source: Path, target: Path) -> tuple[BackupFile, ...]:
    """Copies every file, but for drafts (names that begin with a dot), and keeps the times of files.

    A file that is gone before it is copied was merged into another: the folder is then listed again, until all of a
    listing are there. What is copied and no longer listed is removed again.

    Raises:
        OSError: a file cannot be read or written.
        StartError: files kept going away.
    """
    target.mkdir(parents=True, exist_ok=True)
    copied: dict[str, tuple[_Stamp, BackupFile]] = {}
    for _ in range(_PASSES):
        listed = _list(source)
        gone = False
        for path, stamp in sorted(listed.items()):
            if path in copied and copied[path][0] == stamp:
                continue
            try:
                copied[path] = _copy(source / path, target / path, f"{target.name}/{path}")
            except FileNotFoundError:
                gone = True
        if not gone:
            for path in copied.keys() - listed.keys():
                (target / path).unlink()
            return tuple(copied[path][1] for path in sorted(listed))
    raise StartError(f"the files of {source} change faster than they can be copied: try again later")


def _copy(file: Path, target: Path, path: str) -> tuple[_Stamp, BackupFile]:
    with file.open("rb") as content:
        status = os.fstat(content.fileno())
        copy = copy_file(content, target, path)
    os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))
    return _stamp(status), copy


def _list(folder: Path) -> dict[str, _Stamp]:
    """Files below a folder by their paths with slashes; those that go away meanwhile may be missing."""
    found: dict[str, _Stamp] = {}
    for path, _, names in os.walk(folder):
        for name in names:
            file = Path(path) / name
            try:
                if not name.startswith("."):
                    found[file.relative_to(folder).as_posix()] = _stamp(file.stat())
            except FileNotFoundError:
                continue
    return found


def _stamp(status: os.stat_result) -> _Stamp:
    return status.st_size, status.st_mtime_ns, status.st_ino
