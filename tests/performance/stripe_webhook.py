"""What a delivery of Stripe costs its receiver: a cold start, and a warm call."""

import time
from collections.abc import Sequence

from optiq.billing.gateways.account import StripeAccount
from optiq.billing.webhooks.api import receive
from optiq.ports.stream import Record

from infra.local.stripe_server.events import delivery
from infra.local.stripe_server.world import World
from tests.performance import imports
from tests.performance.figures import Figure

_HANDLER = "functions.billing.webhook.handler"
_SECRET = "whsec_bench"
_DELIVERIES, _WARM_GOAL_MS = 500, 3.0


class _Nowhere:
    """A stream whose call is not measured."""

    def put(self, records: Sequence[Record]) -> None:
        pass

    def put_on_every_shard(self, record: Record) -> list[str]:
        raise NotImplementedError


def measure() -> list[Figure]:
    return [*imports.measure(only=(_HANDLER,)), _warm()]


def _warm() -> Figure:
    """Snapshots of 20 kB, verified and read."""
    now = 1_774_708_632
    world = World(now=lambda: now)
    customer = world.add("customer", email="a@b.example", metadata={f"k{number}": "x" * 200 for number in range(90)})
    world.emit("customer.updated", customer)
    body, signed = delivery(world, world.waiting[0], _SECRET, at=now, snapshot=True)
    account, stream = StripeAccount(secret_key="sk_test_bench", webhook_secrets=(_SECRET,)), _Nowhere()
    began = time.process_time()
    for _ in range(_DELIVERIES):
        receive(body, signed, account, stream, now * 1_000)
    spent = (time.process_time() - began) / _DELIVERIES * 1_000
    return Figure(f"a delivery of {len(body) // 1_000} kB, warm: CPU", spent, "ms", _WARM_GOAL_MS)
