"""The stand-in of Stripe as a process beside the system: it sells our plans, and tells the system what happens.

Stripe must know its customers after a restart: what it knows is kept in a file beside the data.
"""

import os
import sys
import threading
from pathlib import Path

from optiq.billing.gateways.api import StripeAccount, gateway_of
from optiq.billing.subscribing.api import offered

from infra.local.private_file import write_private
from infra.local.sample.stripe_account import account
from infra.local.stripe_server.clocks import pass_time
from infra.local.stripe_server.events import Deliverer
from infra.local.stripe_server.server import StripeServer, running_stripe
from infra.local.stripe_server.world import World

_LOOK_SECONDS = 5.0


class Kept:
    """What the stand-in knows, in a file."""

    def __init__(self, file: Path, server: StripeServer) -> None:
        self._file, self._server = file, server

    def fill(self) -> None:
        """What an earlier process kept."""
        try:
            self._server.world.load(self._file.read_text())
        except (OSError, ValueError):
            return

    def keep(self) -> None:
        with self._server.lock:
            write_private(self._file, self._server.world.dump())


def main(home: Path, port: int, webhook_secret: str, system_url: str) -> None:
    """Serves until its standard input ends with the process that started it."""
    with running_stripe(World(), port) as server:
        kept = Kept(home / "stripe.json", server)
        kept.fill()
        server.kept = kept.keep
        gateway_of(StripeAccount.model_validate_json(account(port, webhook_secret))).push(offered())
        deliverer = Deliverer(server.world, f"{system_url}/webhooks/stripe", webhook_secret, server.lock, kept.keep)
        deliverer.start()
        ended = threading.Event()
        passing = threading.Thread(target=_pass, args=(server, ended), daemon=True)
        passing.start()
        while os.read(0, 1024):
            pass
        ended.set()
        deliverer.stop()


def _pass(server: StripeServer, ended: threading.Event) -> None:
    """Lets renewals happen at their time."""
    while not ended.wait(_LOOK_SECONDS):
        with server.lock:
            pass_time(server.world, server.world.now())


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4])
