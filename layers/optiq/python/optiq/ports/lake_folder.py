"""The lake on one machine: a folder with the layout of the bucket."""

import errno
import fcntl
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import pyarrow as pa

from optiq.kernel.errors import UpstreamError
from optiq.ports.lake import DamagedFileError, LakeFile
from optiq.ports.lake_fresh import FreshRows
from optiq.ports.lake_parquet import metadata_of, proved_parquet, read_parquet, write_parquet

_SUFFIX = ".parquet"
_SHORT_OF = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EINTR, errno.EAGAIN})
"""What a machine may run short of for a while: says nothing of the file."""


class FolderLake:
    """The lake port. A file appears under its name only when it is whole and on disk."""

    # What is open stays readable, and a query that finds a file gone lists them anew.
    readers_ms = 5_000

    def __init__(self, root: str) -> None:
        self._root = Path(root)
        self._fresh = FreshRows()

    def append(self, table: str, organization_id: str, day: str, name: str, rows: pa.Table) -> str:
        folder = self._root / table / f"org={organization_id}" / f"dt={day}"
        # Readers glob *.parquet, which a draft does not match.
        draft = folder / f".{name}.{secrets.token_hex(4)}.draft"
        try:
            _make(folder)
            with draft.open("xb") as file:
                write_parquet(rows, file)
                file.flush()
                os.fsync(file.fileno())
                stamp = _stamp(os.fstat(file.fileno()))
            with _locked(folder, fcntl.LOCK_SH) as descriptor:
                os.replace(draft, folder / f"{name}{_SUFFIX}")  # noqa: PTH105 - a name that tests can take the place of
                # Until then a loss of power may take the new name away.
                os.fsync(descriptor)
            self._fresh.keep(f"{table}/org={organization_id}/dt={day}/{name}{_SUFFIX}", stamp, rows)
        except (OSError, pa.ArrowException) as error:
            with suppress(OSError):
                draft.unlink()
            raise UpstreamError(f"a file of the lake's {table} could not be written", retryable=True) from error
        return stamp

    def organizations(self, table: str) -> list[str]:
        return [name.removeprefix("org=") for name in _names(self._root / table, "org=")]

    def files(self, table: str, organization_id: str, first: str = "", last: str = "9999-12-31") -> Iterator[LakeFile]:
        owned = self._root / table / f"org={organization_id}"
        for day in (name.removeprefix("dt=") for name in _names(owned, "dt=")):
            if first <= day <= last:
                yield from self._of_day(owned / f"dt={day}", table, organization_id, day)

    def _of_day(self, folder: Path, table: str, organization_id: str, day: str) -> Iterator[LakeFile]:
        for name in _names(folder, "", _SUFFIX):
            try:
                stat = (folder / name).stat()
            except OSError:
                continue
            whose = (table, organization_id, day, name.removesuffix(_SUFFIX))
            yield LakeFile(*whose, stat.st_size, _stamp(stat), stat.st_mtime_ns // 1_000_000)

    def read(self, file: LakeFile) -> pa.Table | None:
        content = self._end_of(file, file.size)
        return None if content is None else read_parquet(file, content)

    def recall(self, file: LakeFile) -> pa.Table | None:
        rows = self._fresh.take(file.path, file.stamp)
        try:
            return rows if rows and _stamp((self._root / file.path).stat()) == file.stamp else None
        except OSError:
            return None

    def metadata(self, file: LakeFile) -> Mapping[bytes, bytes] | None:
        return metadata_of(file, lambda size: self._end_of(file, size))

    def _end_of(self, file: LakeFile, size: int) -> pa.Buffer | None:
        """Its last bytes."""
        try:
            with (self._root / file.path).open("rb") as opened:
                if _stamp(os.fstat(opened.fileno())) != file.stamp:
                    return None
                opened.seek(file.size - size)
                return pa.py_buffer(opened.read())
        except FileNotFoundError:
            return None
        except OSError as error:
            if error.errno in _SHORT_OF:
                raise UpstreamError(f"{file.path} could not be opened", retryable=True) from error
            raise DamagedFileError(f"{file.path} cannot be read: {error.strerror}") from error

    def replace(self, file: LakeFile, rows: pa.Table) -> bool:
        path = self._root / file.path
        draft = path.with_name(f".{file.name}.{secrets.token_hex(4)}.draft")
        content = proved_parquet(file, rows)
        try:
            with draft.open("xb") as opened:
                opened.write(content)
                opened.flush()
                os.fsync(opened.fileno())
            # No writer puts another file in its place between the look and the replacement.
            with _locked(path.parent, fcntl.LOCK_EX) as descriptor:
                if is_same := _is_as_listed(path, file):
                    os.replace(draft, path)  # noqa: PTH105 - a name that tests can take the place of
                    os.fsync(descriptor)
        except OSError as error:
            raise UpstreamError(f"{file.path} could not be replaced", retryable=True) from error
        finally:
            with suppress(OSError):
                draft.unlink()
        return is_same

    def remove(self, file: LakeFile) -> None:
        path = self._root / file.path
        try:
            # No writer puts another file in its place between the look and the removal.
            with _locked(path.parent, fcntl.LOCK_EX):
                if _is_as_listed(path, file):
                    path.unlink()
        except FileNotFoundError:
            return
        except OSError as error:
            raise UpstreamError(f"{file.path} could not be removed", retryable=True) from error


def _stamp(stat: os.stat_result) -> str:
    # A file that takes another's place is another inode, however fast it came and whatever its size.
    return f"{stat.st_size}-{stat.st_mtime_ns}-{stat.st_ino}"


def _is_as_listed(path: Path, file: LakeFile) -> bool:
    """Raises OSError."""
    try:
        return _stamp(path.stat()) == file.stamp
    except FileNotFoundError:
        return False


def _names(folder: Path, prefix: str, suffix: str = "") -> list[str]:
    """Names in a folder, in order; none when there is no such folder."""
    try:
        return sorted(n for n in os.listdir(folder) if n.startswith(prefix) and n.endswith(suffix))  # noqa: PTH208
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise UpstreamError(f"the lake's folder could not be listed: {error.strerror}", retryable=True) from error


def _make(folder: Path) -> None:
    """Makes a folder and those above it, each durable in the one above. Raises OSError."""
    if folder.is_dir():
        return
    _make(folder.parent)
    folder.mkdir(exist_ok=True)
    with _locked(folder.parent, fcntl.LOCK_SH) as descriptor:
        os.fsync(descriptor)


@contextmanager
def _locked(folder: Path, how: int) -> Iterator[int]:
    """A descriptor of a folder, locked. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, how)
        yield descriptor
    finally:
        os.close(descriptor)
