"""The manifest of a backup: what is in it, with checksums, and which Optiq wrote it."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from infra.local.home import StartError

NAME = "manifest.json"
FORMAT = 1
_CHUNK_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class BackupFile:
    """A file, named by its path below the backup's folder, with slashes."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. It is written last, so a folder without one is no backup.

    Attributes:
        optiq: the version that wrote it.
        began_ms, ended_ms: every event that was acknowledged before `began_ms` is in it.
        holds_secret: always: the backup is as secret as the system.
    """

    optiq: str
    began_ms: int
    ended_ms: int
    files: tuple[BackupFile, ...]
    holds_secret: bool = True
    format: int = FORMAT

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files)

    def write(self, folder: Path) -> None:
        (folder / NAME).write_text(json.dumps(asdict(self), indent=1) + "\n")


def read_manifest(folder: Path, version: str) -> Manifest:
    """The manifest of a backup that this version of Optiq can restore.

    Raises:
        StartError: there is none, it is damaged, or a later version wrote it.
    """
    file = folder / NAME
    try:
        fields = json.loads(file.read_text())
    except FileNotFoundError as error:
        raise StartError(f"{folder} is no whole backup: it has no {NAME}") from error
    except (OSError, ValueError) as error:
        raise StartError(f"{file} is damaged: use another backup") from error
    if not isinstance(fields, dict) or not isinstance(fields.get("optiq"), str):
        raise StartError(f"{file} is damaged: use another backup")
    if fields.get("format") != FORMAT or _order(fields["optiq"]) > _order(version):
        raise StartError(
            f"{folder} is a backup of Optiq {fields['optiq']}, and this is Optiq {version}: "
            f"install {fields['optiq']} or later to restore it"
        )
    try:
        return _manifest(fields)
    except (KeyError, TypeError, ValueError) as error:
        raise StartError(f"{file} is damaged: use another backup") from error


def copy_file(source: BinaryIO, target: Path, path: str) -> BackupFile:
    """Copies what is left of an open file, and says what was copied. Raises OSError."""
    digest, size = hashlib.sha256(), 0
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as copy:
        while chunk := source.read(_CHUNK_BYTES):
            digest.update(chunk)
            size += len(chunk)
            copy.write(chunk)
    return BackupFile(path, size, digest.hexdigest())


def describe(file: Path, path: str) -> BackupFile:
    """A file as it is now. Raises OSError."""
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
        return BackupFile(path, content.tell(), digest)


def _manifest(fields: dict[str, Any]) -> Manifest:
    files = tuple(BackupFile(**file) for file in fields["files"])
    for file in files:
        parts = PurePosixPath(file.path)
        # Whoever can change a backup must not write outside of the restored folder.
        if parts.is_absolute() or ".." in parts.parts or not parts.parts:
            raise ValueError(file.path)
    return Manifest(fields["optiq"], int(fields["began_ms"]), int(fields["ended_ms"]), files)


def _order(version: str) -> tuple[int, ...]:
    """What versions are compared by: the numbers of 0.3.0, and of 0.3.0.dev1."""
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])
