"""The stand-in of Stripe beside a system: started with it, known to it by its address."""

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.local.children import Child
from infra.local.home import Home
from infra.local.sample.stripe_account import account
from infra.local.table import free_port

_STRIPE = "OPTIQ_STRIPE"
_STOP_SECONDS = 5.0


@contextmanager
def running_stripe_beside(home: Home, port: int, *, wanted: bool) -> Iterator[dict[str, str]]:
    """What the system's processes are told of it; nothing where the operator has an account, or no sample is wanted.

    Args:
        port: of the system.
    """
    if not wanted or _STRIPE in os.environ:
        yield {}
        return
    own, webhook_secret = free_port(), f"whsec_{secrets.token_urlsafe(24)}"
    file = home.path / "stripe-account.json"
    _write(file, account(own, webhook_secret))
    arguments = [str(home.path), str(own), webhook_secret, f"http://localhost:{port}"]
    child = Child("stripe", [sys.executable, "-m", "infra.local.sample.stripe_process", *arguments], {})
    child.start()
    try:
        yield {_STRIPE: str(file)}
    finally:
        child.stop(_STOP_SECONDS)


def _write(file: Path, text: str) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as open_file:
        open_file.write(text)
