"""The system that runs on this machine: its folder, whether it runs, where it answers, and its operator's key."""

import fcntl
import json
import os
import time
from pathlib import Path
from typing import Any

import click

_CHECKOUT = Path(__file__).resolve().parents[2]
_KEY_SECONDS = 600


def default_home() -> Path:
    """The folder of a system that nobody gave one: `.optiq` in a clone of the repository, `~/.optiq` elsewhere."""
    if (_CHECKOUT / "pyproject.toml").is_file():
        return _CHECKOUT / ".optiq"
    return Path("~/.optiq").expanduser()


def home_at(path: str | None) -> Path:
    return Path(path).expanduser().resolve() if path else default_home()


def is_running(home: Path) -> bool:
    """Whether a process has the folder's lock. The kernel lets go of it when the process ends, however it ends."""
    try:
        descriptor = os.open(home / "lock", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        # Shared: two commands that look at the same moment do not take each other for a system.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def read_run(home: Path) -> dict[str, Any]:
    """The fields of run.json, which the running system writes; none when there is no readable one."""
    try:
        fields = json.loads((home / "run.json").read_text())
    except (OSError, ValueError):
        return {}
    return fields if isinstance(fields, dict) else {}


def running_url(home: Path) -> str:
    """Where the folder's system answers. A file of one that was killed is not believed: another may have its port.

    Raises:
        ClickException: none runs.
    """
    url = read_run(home).get("url") if is_running(home) else None
    if not url:
        raise click.ClickException(
            f"no Optiq runs in {home}: start it with `optiq up`, name its folder with --home, "
            "or a system elsewhere with --url and --api-key"
        )
    return str(url)


def operator_key(home: Path) -> str:
    """A key of the operator for the next minutes, signed with the folder's secret. Raises ClickException."""
    from optiq.kernel import operator_key as keys

    try:
        secret = (home / "secret.key").read_bytes()
    except OSError as error:
        raise click.ClickException(
            f"{home / 'secret.key'}: {error.strerror}; give an API key with --api-key-file or OPTIQ_API_KEY"
        ) from error
    return keys.sign(secret, keys.OperatorKey(int(time.time()) + _KEY_SECONDS))
