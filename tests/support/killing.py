"""A process that is killed at one of its writes, before or after it took place."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

import pytest
from optiq.ports.lake_folder import FolderLake
from optiq.ports.mail_outbox import OutboxMailer
from optiq.ports.stream_log import LogStream
from pynamodb.connection import Connection

_WRITES = {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"}


class Killed(BaseException):
    """What no handler of ours may catch, as nobody catches kill -9."""


class Writes:
    """Counts every write to table, lake, stream and outbox; kills at one of them, before or after it took place."""

    def __init__(self, kill_at: int | None, after: bool) -> None:
        self.made = 0
        self._counting = Lock()
        self._kill_at = kill_at
        self._after = after

    def around(self, write: Callable[[], Any]) -> Any:
        with self._counting:
            self.made += 1
            number = self.made
        if number == self._kill_at and not self._after:
            raise Killed
        result = write()
        if number == self._kill_at:
            raise Killed
        return result


@contextmanager
def killing(monkeypatch: pytest.MonkeyPatch, kill_at: int | None, after: bool) -> Iterator[Writes]:
    writes = Writes(kill_at, after)
    dispatch = Connection.dispatch

    def watched_dispatch(self: Any, operation: str, *args: Any, **kwargs: Any) -> Any:
        if operation not in _WRITES:
            return dispatch(self, operation, *args, **kwargs)
        return writes.around(lambda: dispatch(self, operation, *args, **kwargs))

    with monkeypatch.context() as patch:
        patch.setattr(Connection, "dispatch", watched_dispatch)
        for kind, name in (
            (FolderLake, "append"),
            (FolderLake, "replace"),
            (FolderLake, "remove"),
            (LogStream, "put"),
            (OutboxMailer, "forget"),
        ):
            patch.setattr(kind, name, _watched(getattr(kind, name), writes))
        yield writes


def _watched(write: Callable[..., Any], writes: Writes) -> Callable[..., Any]:
    return lambda *args: writes.around(lambda: write(*args))
