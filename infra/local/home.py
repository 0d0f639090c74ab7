"""The folder in which a system on one machine keeps everything: its layout, its lock and its run file."""

import fcntl
import json
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from optiq_cli import machine

ROOT = Path(__file__).resolve().parents[2]
"""The repository: handlers, state machines and node_modules stand below it."""

TABLE = "optiq"
OWN_ACCESS_KEY = "local"
"""Names the table of this machine to processes of the system, which sign nothing for it."""
_OWN_FILES = ("table.", "stream.", "events.", "secret.", "run.json", "lock")


class StartError(Exception):
    """The system cannot be started; the message is one line for a person."""


@dataclass(frozen=True, slots=True)
class Home:
    """Paths below OPTIQ_HOME. `run_file` tells other processes of the system that runs, and remembers the sample."""

    path: Path

    @property
    def table_file(self) -> Path:
        return self.path / "table.db"

    @property
    def secret_file(self) -> Path:
        return self.path / "secret.key"

    @property
    def fingerprint_file(self) -> Path:
        """Tells whether the secret is the one that the data was written with, and nothing of the secret."""
        return self.path / "secret.fingerprint"

    @property
    def lake_folder(self) -> Path:
        return self.path / "lake"

    @property
    def holds_events(self) -> bool:
        """Whether events were processed here once."""
        return next(self.lake_folder.glob("events/*/*/*.parquet"), None) is not None

    @property
    def holds_files(self) -> bool:
        """Whether the lake has a file of any table."""
        return next(self.lake_folder.glob("*/*/*/*.parquet"), None) is not None

    @property
    def holds_data(self) -> bool:
        return self.table_file.exists() or self.stream_file.exists() or self.holds_files

    @property
    def table_key_file(self) -> Path:
        return self.path / "table.key"

    @property
    def stream_file(self) -> Path:
        return self.path / "stream.db"

    @property
    def events_file(self) -> Path:
        """Events between contexts, and which subscriber has seen which."""
        return self.path / "events.db"

    @property
    def logs(self) -> list[Path]:
        """The logs that consumers read, as far as they are there."""
        return [file for file in (self.stream_file, self.events_file) if file.exists()]

    @property
    def run_file(self) -> Path:
        return self.path / "run.json"

    def environment(self, table_endpoint: str) -> dict[str, str]:
        """What every process of the system is told (kernel/settings.py), and no AWS account."""
        return {
            "OPTIQ_HOME": str(self.path),
            "OPTIQ_SUBSTRATE": "embedded",
            "OPTIQ_TABLE": TABLE,
            "OPTIQ_TABLE_ENDPOINT": table_endpoint,
            "OPTIQ_STREAM": str(self.stream_file),
            "OPTIQ_BUS": str(self.events_file),
            "OPTIQ_LAKE": str(self.lake_folder),
            "OPTIQ_LIMITS": str(self.path / "edge" / "limits.json"),
            "OPTIQ_SECRET": str(self.secret_file),
            "OPTIQ_STATUS": str(self.path / "status"),
            "OPTIQ_MAIL_CARRIER": str(self.path / "outbox"),
            "OPTIQ_WAREHOUSE_FOLDER": str(self.path / "warehouse"),
            "OPTIQ_RECOMPUTE_MACHINE": str(ROOT / "statemachines" / "attribution_recompute.asl.json"),
            "OPTIQ_PRIVACY_MACHINE": str(ROOT / "statemachines" / "privacy_request.asl.json"),
            "OPTIQ_AD_SYNC_MACHINE": str(ROOT / "statemachines" / "ad_sync.asl.json"),
            "OPTIQ_ALERT_SWEEP_MACHINE": str(ROOT / "statemachines" / "alert_sweep.asl.json"),
            "OPTIQ_FEEDBACK_MACHINE": str(ROOT / "statemachines" / "conversion_feedback.asl.json"),
            "OPTIQ_DELETION_MACHINE": str(ROOT / "statemachines" / "deletion.asl.json"),
            "AWS_ACCESS_KEY_ID": OWN_ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "POWERTOOLS_SERVICE_NAME": "optiq",
            "POWERTOOLS_TRACE_DISABLED": "true",
        }

    def read_run(self) -> dict[str, Any]:
        """The run file's fields; none when there is no readable one."""
        return machine.read_run(self.path)

    def update_run(self, **fields: object) -> None:
        """Sets fields of the run file; None removes one."""
        kept = {name: value for name, value in {**self.read_run(), **fields}.items() if value is not None}
        draft = self.run_file.with_name(f".run.{secrets.token_hex(4)}")
        draft.write_text(json.dumps(kept, indent=2) + "\n")
        draft.replace(self.run_file)

    def is_running(self) -> bool:
        """Whether some process has the lock."""
        return machine.is_running(self.path)

    def _close_to_others(self) -> None:
        """Lets only its owner read the folder: an older version, or its maker, may have let others. Raises OSError."""
        os.umask(0o077)
        status = self.path.stat()
        # We leave a folder such as /tmp, or another user's, as open as it is, and close only our files in it.
        if status.st_uid == os.getuid() and not status.st_mode & stat.S_ISVTX:
            self.path.chmod(0o700)
        for file in self.path.iterdir():
            if file.name.startswith(_OWN_FILES) and file.is_file() and file.stat().st_uid == os.getuid():
                file.chmod(0o600)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Holds the folder for this process; the kernel lets go of it when the process ends, however it ends.

        Raises:
            StartError: another process holds it, or the folder cannot be written.
        """
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StartError(f"cannot write to {self.path}: {error.strerror}") from error
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                pid = self.read_run().get("pid", "unknown")
                raise StartError(f"{self.path} is in use by a running Optiq (process {pid})") from error
            self._close_to_others()
            yield
        finally:
            os.close(descriptor)


def home_at(path: str | None) -> Home:
    """The home of a folder; by default, the one where the command line looks for a running system."""
    return Home(machine.home_at(path))
