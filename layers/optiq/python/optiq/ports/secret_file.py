"""The platform secret on one machine: 32 random bytes in a file only its owner can read."""

import os
import secrets
from pathlib import Path

SECRET_BYTES = 32


def read_secret(path: str, /) -> bytes:
    """The secret of a file. Nothing that reads makes one: beside data, another secret would spoil all of it.

    Raises:
        ValueError: the file is missing or does not hold a secret.
    """
    try:
        secret = Path(path).read_bytes()
    except FileNotFoundError as error:
        raise ValueError(f"{path} is missing: put it back from your backup, and start again") from error
    if len(secret) != SECRET_BYTES:
        raise ValueError(f"{path} holds {len(secret)} bytes instead of {SECRET_BYTES}")
    return secret


def create_secret(file: Path) -> None:
    """Makes the secret of a system that has no data yet. Who makes it at the same moment leaves the one that stays."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(secrets.token_bytes(SECRET_BYTES))
        stream.flush()
        os.fsync(stream.fileno())
    try:
        # A link, unlike a rename, never replaces a secret that another process made first.
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
