"""Whether a folder's data is all there and readable. Nothing that is missing is ever made anew beside other data."""

import hashlib
import os
import secrets
import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path

from optiq.ports.secret_file import SECRET_BYTES, create_secret, read_secret

from infra.local.home import Home, StartError

_BEGIN_ANEW = "To begin anew instead, use another folder (--home)."
_DAMAGE = ("not a database", "disk image is malformed")


def check(home: Home, *, own_table: bool = True) -> None:
    """Lets a start go on over a folder that is new or whole; a new one gets its secret. The table may be elsewhere.

    Raises:
        StartError: something is missing or damaged; it names the file and what to do.
    """
    table, stream = _has(home.table_file), _has(home.stream_file)
    events = home.holds_events
    has_data = table or stream or _has(home.events_file) or home.holds_files
    if not _has(home.secret_file) and has_data:
        raise _missing(home.secret_file, "it signs the sites' keys and hashes the visitors, so no other can replace it")
    if home.secret_file.exists() and home.secret_file.stat().st_size != SECRET_BYTES:
        raise StartError(
            f"{home.secret_file} is damaged: it must have {SECRET_BYTES} bytes. {_restore(home.secret_file)}"
        )
    if table and not own_table:
        raise StartError(
            f"{home.table_file} has data, and OPTIQ_TABLE_ENDPOINT names another table: unset it. {_BEGIN_ANEW}"
        )
    if not table and has_data and own_table:
        raise _missing(home.table_file, "it holds the organizations, people and sites")
    if (table or stream) and not home.lake_folder.is_dir():
        raise _missing(
            home.lake_folder, "it holds every event, visit and credit. Where none was ever collected, create the folder"
        )
    if home.read_run().get("holds_events") and not events:
        raise _missing(home.lake_folder / "events", "it held events when the system ended")
    if (table or not own_table) and events and not stream:
        raise _missing(home.stream_file, "it holds the events that were not processed yet, and how far all others are")
    home.lake_folder.mkdir(parents=True, exist_ok=True)
    if not home.secret_file.exists():
        create_secret(home.secret_file)
    known = home.read_run().get("checked")
    for file in _databases(home):
        if not isinstance(known, Mapping) or known.get(file.name) != _state(file):
            check_readable(file)
    _check_secret(home, read_secret(str(home.secret_file)), has_data=has_data)


def note(home: Home) -> None:
    """Remembers files that nobody writes any more, so that the next start need not read them all."""
    for file in _databases(home):
        if _has(file):
            # What lies in the journal beside a file would change it when its last reader ends.
            with suppress(sqlite3.Error), closing(sqlite3.connect(file, timeout=5)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    checked = {file.name: _state(file) for file in _databases(home)}
    home.update_run(checked=checked, holds_events=home.holds_events)


def _databases(home: Home) -> tuple[Path, ...]:
    return home.table_file, home.stream_file, home.events_file


def _check_secret(home: Home, secret: bytes, *, has_data: bool) -> None:
    """Compares the secret with its fingerprint; data of an older version, and new data, gets one."""
    file, fingerprint = home.fingerprint_file, _fingerprint(secret)
    kept = file.read_text(errors="replace").strip() if file.exists() else ""
    noted = str(home.read_run().get("secret") or "")
    known = kept or noted
    if known not in ("", fingerprint) and has_data:
        raise StartError(
            f"{home.secret_file} is not the secret that this data was written with: every site's key would be invalid, "
            f"every visitor a new one. {_restore(home.secret_file)}"
        )
    if noted != fingerprint:
        home.update_run(secret=fingerprint)
    if kept == fingerprint:
        return
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    with draft.open("x") as stream:
        stream.write(f"{fingerprint}\n")
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(file)


def _fingerprint(secret: bytes) -> str:
    return hashlib.blake2b(b"optiq: which secret this data belongs to", key=secret, digest_size=16).hexdigest()


def _has(file: Path) -> bool:
    return file.exists() and file.stat().st_size > 0


def _state(file: Path) -> list[int]:
    """What changes with a file's content; JSON can hold it."""
    return [file.stat().st_size, file.stat().st_mtime_ns] if file.exists() else []


def check_readable(file: Path) -> None:
    if not _has(file):
        return
    try:
        with closing(sqlite3.connect(file, timeout=5)) as connection:
            (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        if not any(sign in str(error) for sign in _DAMAGE):
            return  # such as a feature this SQLite lacks; who uses the file will say
        found = str(error)
    if found != "ok":
        raise StartError(f"{file} is damaged ({' '.join(found.split())[:100]}). {_restore(file)}")


def _missing(file: Path, why: str) -> StartError:
    return StartError(f"{file} is missing or empty beside other data: {why}. {_restore(file)}")


def _restore(file: Path) -> str:
    return f"Put {file.name} back from your backup, and start again. {_BEGIN_ANEW}"
