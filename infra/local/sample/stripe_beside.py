"""The stand-in of Stripe beside a system: started with it, known to it by its address."""

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from infra.local.children import Child
from infra.local.home import Home
from infra.local.private_file import write_private
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
    write_private(file, account(own, webhook_secret))
    arguments = [str(home.path), str(own), webhook_secret, f"http://localhost:{port}"]
    child = Child("stripe", [sys.executable, "-m", "infra.local.sample.stripe_process", *arguments], {})
    child.start()
    try:
        yield {_STRIPE: str(file)}
    finally:
        child.stop(_STOP_SECONDS)
