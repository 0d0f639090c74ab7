"""A system's folder, made from a backup."""

import os
from collections.abc import Callable
from pathlib import Path

from functions.gateway.health import VERSION
from infra.local.backup_manifest import BackupFile, Manifest, copy_file, describe, read_manifest
from infra.local.home import Home, StartError


def restore(folder: Path, home: Home, report: Callable[[str], None]) -> Manifest:
    """Makes a system's folder from a backup, after every file of the backup was compared with its checksum.

    Raises:
        StartError: the backup is damaged or of a later version, the folder holds something, or cannot be written.
    """
    folder = folder.expanduser().resolve()
    manifest = read_manifest(folder, VERSION)
    for file in manifest.files:
        _check(folder, file)
    report(f"Checked {len(manifest.files)} files.")
    _refuse_taken(home)
    with home.lock():
        _refuse_taken(home)
        try:
            # A manifest lists no folders, and a start takes a missing lake for a lost one.
            home.lake_folder.mkdir()
            # The secret last: without one, no start takes what an interrupted restore left for a whole system.
            for file in sorted(manifest.files, key=lambda one: one.path == home.secret_file.name):
                _copy(folder, file, home.path)
            os.sync()
        except OSError as error:
            raise StartError(f"{home.path} could not be written: {error}; delete it, and try again") from error
    return manifest


def _refuse_taken(home: Home) -> None:
    try:
        taken = any(file.name != "lock" for file in home.path.iterdir())
    except FileNotFoundError:
        return
    except OSError as error:
        raise StartError(f"{home.path} must be a folder that can be read: {error.strerror}") from error
    if taken:
        raise StartError(f"{home.path} is not empty: name a new folder with --home, or move this one away")


def _check(folder: Path, file: BackupFile) -> None:
    try:
        found = describe(folder / file.path, file.path)
    except OSError as error:
        raise StartError(f"{folder / file.path}: {error.strerror}; use another backup") from error
    if found != file:
        raise StartError(f"{folder / file.path} is damaged: its checksum differs; use another backup")


def _copy(folder: Path, file: BackupFile, home: Path) -> None:
    source, target = folder / file.path, home / file.path
    with source.open("rb") as content:
        status = os.fstat(content.fileno())
        if copy_file(content, target, file.path) != file:
            raise OSError(f"{source} changed meanwhile")
    os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))
