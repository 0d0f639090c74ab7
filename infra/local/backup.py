"""A copy of a system's folder, made while the system runs or while it does not.

No moment holds all files still, so they are copied in the order that a kill leaves them in, and the restored system
goes on as after a kill (docs/decisions/0069): how far consumers are, the table, the lake, and the records last.
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from optiq.kernel.clock import system_clock

from functions.gateway.health import VERSION
from infra.local import backup_log, intact
from infra.local.backup_manifest import BackupFile, Manifest, copy_file, describe
from infra.local.backup_tree import copy_tree
from infra.local.home import Home, StartError

_FOLDERS = ("lake", "outbox")
_OF_THE_PROCESS = ("pid", "url", "table_endpoint", "table_protected", "sample_platforms", "checked")

Report = Callable[[str], None]
"""Takes a line about the progress."""


def back_up(home: Home, folder: Path, report: Report) -> Manifest:
    """Copies a system into a new folder, which appears under its name when the backup is whole.

    Raises:
        StartError: there is no data, a database is damaged, the folder is taken, or it cannot be written.
    """
    folder = folder.expanduser().resolve()
    if not home.read_run().get("own_table", True):
        raise StartError(
            "the table is not on this machine (OPTIQ_TABLE_ENDPOINT): back it and the folder up by other means"
        )
    if not (home.table_file.exists() and home.secret_file.exists()):
        raise StartError(f"there is no Optiq data in {home.path}; name its folder with --home or OPTIQ_HOME")
    if folder.is_relative_to(home.path):
        raise StartError(f"{folder} is inside {home.path}, and would be lost with it: name another folder")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StartError(f"{folder} exists and is not empty: name a new folder")
    draft: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        # Only its owner reads it, because the secret is in it.
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        manifest = _copy(home, draft, report)
        os.sync()
        draft.rename(folder)
    except (OSError, sqlite3.Error) as error:
        raise StartError(f"the backup failed: {error}") from error
    finally:
        if draft is not None and draft.exists():
            shutil.rmtree(draft)
    return manifest


def _copy(home: Home, draft: Path, report: Report) -> Manifest:
    began_ms = system_clock()
    logs = [(file, draft / file.name) for file in home.logs]
    for database in (home.table_file, *home.logs):
        intact.check_readable(database)
    for file, copy in logs:
        _copy_database(file, copy)
    report("Copied how far events are processed.")
    _copy_database(home.table_file, draft / home.table_file.name)
    report(f"Copied the table: {_size(draft / home.table_file.name)}.")
    # What the relay took out of the table before it was copied is in the log of events now, and not much else.
    for file, copy in logs:
        if file == home.events_file:
            backup_log.add_later(file, copy)
    trees: list[BackupFile] = []
    for name in _FOLDERS:
        copied = copy_tree(home.path / name, draft / name)
        trees += copied
        report(f"Copied {name}/: {len(copied)} files.")
    for file, copy in logs:
        if file == home.stream_file:
            backup_log.add_later(file, copy)
    report("Copied the events that came in since.")
    singles = [home.table_file.name, *(copy.name for _, copy in logs), *_copy_small(home, draft)]
    files = (*(describe(draft / name, name) for name in singles), *trees)
    manifest = Manifest(VERSION, began_ms, system_clock(), files)
    manifest.write(draft)
    return manifest


def _copy_database(source: Path, target: Path) -> None:
    """A consistent copy, in one step: writers go on meanwhile, because the file has a write-ahead log."""
    with closing(sqlite3.connect(source, timeout=30)) as read, closing(sqlite3.connect(target)) as write:
        read.backup(write)


def _copy_small(home: Home, draft: Path) -> list[str]:
    names = []
    for file in (home.secret_file, home.fingerprint_file):
        if file.exists():
            with file.open("rb") as content:
                copy_file(content, draft / file.name, file.name)
            (draft / file.name).chmod(0o600)
            names.append(file.name)
    run = Home(draft)
    run.update_run(**{name: value for name, value in home.read_run().items() if name not in _OF_THE_PROCESS})
    return [*names, run.run_file.name]


def _size(file: Path) -> str:
    return f"{file.stat().st_size / 1_000_000:.1f} MB"
