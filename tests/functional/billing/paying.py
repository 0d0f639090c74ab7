"""An organization that pays at the stand-in of Stripe, through the real package, with a clock of its own."""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from optiq.billing.gateways.account import StripeAccount
from optiq.billing.gateways.pace import Pace
from optiq.billing.gateways.stripe_client import StripeGateway
from optiq.billing.mirror.api import mirror_changes
from optiq.billing.plans.catalogue import offered
from optiq.billing.subscribing import api as subscribing
from optiq.billing.webhooks.api import receive
from optiq.billing.webhooks.contracts import StripeChanged
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, from_rfc3339
from optiq.ports.stream import Record
from optiq.tenancy import api as tenancy

from infra.local.stripe_server import checkout
from infra.local.stripe_server.customers import GOOD
from infra.local.stripe_server.events import delivery
from infra.local.stripe_server.server import TEST_KEY, StripeServer, running_stripe
from infra.local.stripe_server.world import World

SECRET = "whsec_local"
OPERATOR = Caller.system("")


@dataclass
class Listed:
    """A stream that is a list."""

    records: list[Record] = field(default_factory=list)

    def put(self, records: Sequence[Record]) -> None:
        self.records += records


@dataclass
class Paying:
    """Attributes:
    now_ms: the time, here and at Stripe.
    """

    server: StripeServer
    account: StripeAccount
    gateway: StripeGateway
    now_ms: int
    organization_id: str = ""

    def clock(self) -> int:
        return self.now_ms

    @property
    def world(self) -> World:
        return self.server.world

    @property
    def caller(self) -> Caller:
        return Caller.system(self.organization_id)

    def begin(self) -> None:
        """A new organization."""
        created = tenancy.create_organization(OPERATOR, name="Shop", currency="USD")
        self.organization_id = created.organization_id

    def open_page(self, plan: str = "STARTER", interval: str = "month") -> str:
        """The id of the session that a person may pay on."""
        found = subscribing.start_checkout(
            self.caller, self.gateway, plan=plan, interval=interval, currency="USD", clock=self.clock
        )
        return found.url.rpartition("/")[2]

    def subscribe(self, plan: str = "STARTER", card: str = GOOD, interval: str = "month") -> None:
        self.pay(self.open_page(plan, interval), card)

    def pay(self, session_id: str, card: str = GOOD) -> None:
        checkout.complete(self.world, session_id, card)
        self.deliver()

    def changes(self) -> list[StripeChanged]:
        """What the events that wait say, by way of the receiver."""
        stream = Listed()
        for number, event_id in enumerate(self.world.waiting):
            body, signed = delivery(self.world, event_id, SECRET, at=self.now_ms // 1000, snapshot=number % 2 == 0)
            receive(body, signed, self.account, stream, self.now_ms)
        self.world.waiting.clear()
        return [StripeChanged.model_validate_json(record.data) for record in stream.records]

    def deliver(self, seed: int = 1) -> None:
        """Delivers what waits, shuffled, and some of it twice."""
        changes = self.changes()
        chosen = random.Random(seed)
        mixed = changes + chosen.sample(changes, len(changes) // 3)
        chosen.shuffle(mixed)
        mirror_changes(mixed, self.clock, self.gateway)

    def pass_to(self, instant: str) -> None:
        """Time passes, here and at Stripe; what happened there is delivered."""
        self.now_ms = from_rfc3339(instant)
        self.server.call("GET", "/v1/products/none", {"authorization": f"Bearer {TEST_KEY}"}, "")
        self.deliver()

    def pass_days(self, days: float) -> None:
        self.now_ms += int(days * DAY_MS)
        self.server.call("GET", "/v1/products/none", {"authorization": f"Bearer {TEST_KEY}"}, "")
        self.deliver()

    @property
    def billing(self) -> Any:
        return subscribing.billing_of(self.caller, self.clock)

    @property
    def plan(self) -> str:
        """The plan that it is entitled to."""
        return subscribing.entitlements_of(self.organization_id, self.clock).plan

    @property
    def stance(self) -> str:
        return subscribing.entitlements_of(self.organization_id, self.clock).stance


@contextmanager
def paying(began: str = "2026-04-01T00:00:00Z") -> Iterator[Paying]:
    """Stripe with our plans, and nobody who pays yet."""
    now = [from_rfc3339(began)]
    found: list[Paying] = []
    world = World(now=lambda: (found[0].now_ms if found else now[0]) // 1000)
    with running_stripe(world) as server:
        account = StripeAccount(secret_key=TEST_KEY, webhook_secrets=(SECRET,), api=server.url)
        gateway = StripeGateway(account, Pace(rate=1_000_000))
        found.append(Paying(server, account, gateway, now[0]))
        gateway.push(offered())
        yield found[0]
