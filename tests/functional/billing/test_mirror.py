"""What Stripe says in any order, twice, late, and while it does not answer. Cases 1, 2, 3, 5, 6 and 29."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any

import pytest
from optiq.billing.credits.api import balance_of
from optiq.billing.gateways.models import (
    CustomerModel,
    DisputeModel,
    PriceModel,
    StripeObject,
    SubscriptionModel,
)
from optiq.billing.gateways.pace import Pace
from optiq.billing.gateways.stripe_client import StripeGateway
from optiq.billing.mirror import effects, shelf
from optiq.billing.mirror.api import mirror_changes
from optiq.billing.mirror.contracts import Subscription
from optiq.billing.mirror.mirroring import Mirror
from optiq.billing.mirror.port import Mirrored
from optiq.billing.mirror.records import EffectRecord, SeenEventRecord
from optiq.billing.mirror.telling import Tell
from optiq.billing.packages import api as packages
from optiq.billing.subscribing import api as subscribing
from optiq.kernel.errors import ConflictError, UpstreamError
from optiq.tenancy import api as tenancy

from infra.local.stripe_server import checkout, payments
from infra.local.stripe_server.customers import GOOD
from infra.local.stripe_server.server import Fault
from tests.functional.billing.paying import OPERATOR, Paying, paying

FREE_CREDITS = 100
FIRST_PURCHASE = (
    ("checkout.session", "checkout.session.completed"),
    ("subscription", "customer.subscription.created"),
    ("subscription", "customer.subscription.updated"),
    ("invoice", "invoice.created"),
    ("invoice", "invoice.finalized"),
    ("invoice", "invoice.paid"),
    ("payment_method", "payment_method.attached"),
)


@dataclass
class Answers:
    """Stripe as it is after the purchase, from memory; `before` is called ahead of each answer."""

    objects: dict[tuple[str, str], StripeObject | None]
    prices: dict[str, PriceModel | None]
    before: Callable[[str, str], StripeObject | None] = field(default=lambda _kind, _id: None)

    def fetch(self, kind: str, object_id: str) -> StripeObject | None:
        return self.before(kind, object_id) or self.objects[kind, object_id]

    def price(self, price_id: str) -> PriceModel | None:
        return self.prices[price_id]

    def disputes_of(self, intent_id: str) -> Sequence[DisputeModel]:
        return ()

    def cancel_and_refund(self, subscription_id: str, source: str) -> None:
        raise AssertionError("nothing is there twice")


@dataclass
class Memory:
    """A shelf without a table; `writes` counts what is written."""

    owners: dict[str, str] = field(default_factory=dict)
    items: dict[tuple[type, str], Any] = field(default_factory=dict)
    parked: list[tuple[str, str, str]] = field(default_factory=list)
    organizations: set[str] = field(default_factory=set)

    def owner_of(self, object_id: str) -> str:
        return self.owners.get(object_id, "")

    def own(self, organization_id: str, object_id: str) -> None:
        self.owners.setdefault(object_id, organization_id)

    def link_customer(self, organization_id: str, customer_id: str) -> bool:
        if organization_id in self.organizations:
            self.owners[customer_id] = organization_id
        return organization_id in self.organizations

    def read(self, kind: type[Any], _organization_id: str, object_id: str) -> Any:
        return self.items.get((kind, object_id))

    def write(self, entity: Mirrored, expected_version: int) -> bool:
        key = type(entity), _id_of(entity)
        stored = self.items.get(key)
        if (stored.version if stored else 0) != expected_version:
            return False
        self.items[key] = entity
        return True

    def subscriptions_of(self, _organization_id: str) -> Sequence[Subscription]:
        return [one for (kind, _), one in self.items.items() if kind is Subscription]

    def park(self, customer_id: str, kind: str, object_id: str) -> None:
        self.parked.append((customer_id, kind, object_id))

    def take_parked(self, customer_id: str) -> Sequence[tuple[str, str]]:
        return [(kind, object_id) for one, kind, object_id in self.parked if one == customer_id]

    def fingerprint(self, plain: str) -> str:
        return plain

    def note_fault(self, kind: str, object_id: str, organization_id: str, reason: str) -> None:
        raise AssertionError(f"nothing is wrong with {kind} {object_id} of {organization_id}: {reason}")

    def clear_fault(self, kind: str, object_id: str) -> None:
        pass


def _id_of(entity: Mirrored) -> str:
    return str(
        getattr(entity, next(name for name in entity.__slots__ if name.endswith("_id") and name != "organization_id"))
    )


def _bought() -> tuple[Answers, list[tuple[str, str]], str]:
    """Everything that the mirror may ask after a first purchase, and the objects of its seven events."""
    organization_id = "org_1"
    with paying() as found:
        customer_id = found.gateway.create_customer(organization_id, "a@b.example")
        session = found.gateway.start_checkout(
            organization_id=organization_id,
            customer_id=customer_id,
            lookup_key="starter_month_usd_v1",
            attempt="1",
            success_url="https://optiq.example",
            cancel_url="https://optiq.example",
            expires_s=found.now_ms // 1000 + 1_860,
        )
        checkout.complete(found.world, session.id, GOOD)
        ids = {one["object"]: one["id"] for one in found.world.objects.values()}
        kinds = ("checkout.session", "subscription", "invoice", "payment_method", "payment_intent", "customer")
        objects = {(kind, ids[kind]): found.gateway.fetch(kind, ids[kind]) for kind in kinds}
        prices = {one["id"]: found.gateway.price(one["id"]) for one in found.world.all_of("price")}
    return Answers(objects, prices), [(kind, ids[kind]) for kind, _ in FIRST_PURCHASE], organization_id


def _mirrored(answers: Answers, order: Sequence[tuple[str, str]], organization_id: str) -> tuple[Memory, list[Any]]:
    kept, done = Memory(organizations={organization_id}), dict[str, effects.Effect]()
    mirror = Mirror(answers, kept, lambda effect: done.setdefault(effect.source, effect) and None)
    for kind, object_id in order:
        mirror.mirror(kind, object_id)
    return kept, sorted(done.values(), key=lambda one: one.source)


def test_first_purchase_is_the_same_in_all_orders() -> None:
    """Case 1: 5,040 orders of seven events."""
    answers, objects, organization_id = _bought()
    first, effects_of_first = _mirrored(answers, objects, organization_id)
    allotted = [one for one in effects_of_first if isinstance(one, effects.Allot)]
    assert [(one.plan, len(one.source) > 0) for one in allotted] == [("STARTER", True)]
    assert len([one for one in effects_of_first if isinstance(one, Tell)]) == 1
    orders = 0
    for order in permutations(objects):
        kept, done = _mirrored(answers, order, organization_id)
        assert (kept.items, done) == (first.items, effects_of_first)
        orders += 1
    assert orders == 5_040


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 50))])
def test_first_purchase_is_the_same_by_way_of_the_stream(payer: Paying, seed: int) -> None:
    """Cases 1 and 2: random orders, each event three times, and two events for one change."""
    session = payer.open_page()
    checkout.complete(payer.world, session, GOOD)
    changes = payer.changes()
    again = changes[0].model_copy(update={"event_id": f"{changes[0].event_id}b"})
    mixed = [*changes, again] * 3
    random.Random(seed).shuffle(mixed)
    mirror_changes(mixed, payer.clock, payer.gateway)
    assert payer.plan == "STARTER"
    assert balance_of(payer.caller, clock=payer.clock).available == 1_000
    assert len(subscribing.list_invoices(payer.caller).items) == 1
    seen = [SeenEventRecord.get(f"STRIPE_EVENT#{one.event_id}", "EVENT") for one in (*changes, again)]
    assert len({one.pk for one in seen}) == len(changes) + 1
    mails = EffectRecord.query(f"ORG#{payer.organization_id}#BILLING", EffectRecord.sk.startswith("EFFECT#mail:"))
    assert len(list(mails)) == 1


def test_older_answer_never_replaces_a_newer_one() -> None:
    """Case 3: worker A waits for "incomplete" while B mirrors "active"."""
    answers, objects, organization_id = _bought()
    kept = Memory(organizations={organization_id})
    (kind, object_id) = objects[1]
    active = answers.objects[kind, object_id]
    assert isinstance(active, SubscriptionModel)
    incomplete = active.model_copy(update={"status": "incomplete"})
    Mirror(answers, kept, lambda _: None).mirror("customer", str(active.customer))
    kept.own(organization_id, object_id)
    asked: list[str] = []

    def slow(asked_kind: str, _asked_id: str) -> StripeObject | None:
        if asked_kind != "subscription" or asked:
            return None
        asked.append(asked_kind)
        Mirror(answers, kept, lambda _: None).mirror(kind, object_id)  # B, meanwhile
        return incomplete

    slowly = Answers(answers.objects, answers.prices, slow)
    Mirror(slowly, kept, lambda _: None).mirror(kind, object_id)
    assert kept.items[Subscription, object_id].status == "ACTIVE"


def test_worker_that_is_killed_is_made_up_for() -> None:
    """Case 3: killed after each write, the next worker ends where one would have."""
    answers, objects, organization_id = _bought()
    whole, _ = _mirrored(answers, objects, organization_id)

    class Killed(Exception):  # noqa: N818 - no mistake
        pass

    for after in range(1, 12):
        kept, done, writes = Memory(organizations={organization_id}), dict[str, effects.Effect](), [0]
        write = kept.write

        def dying(
            entity: Mirrored, version: int, limit: int = after, counted: list[int] = writes, put: Any = write
        ) -> bool:
            written: bool = put(entity, version)
            counted[0] += 1
            if counted[0] == limit:
                raise Killed
            return written

        kept.write = dying  # type: ignore[method-assign]
        mirror = Mirror(answers, kept, lambda effect, into=done: into.setdefault(effect.source, effect) and None)  # type: ignore[misc]
        for kind, object_id in objects:
            try:
                mirror.mirror(kind, object_id)
            except Killed:
                mirror.mirror(kind, object_id)
        assert {key: (one.organization_id, type(one)) for key, one in kept.items.items()} == {
            key: (one.organization_id, type(one)) for key, one in whole.items.items()
        }
        assert len([one for one in done.values() if isinstance(one, effects.Allot)]) == 1


def test_object_of_no_known_organization_waits_for_it(payer: Paying) -> None:
    """Case 5: parked, and mirrored once the customer is known."""
    later = tenancy.create_organization(OPERATOR, name="Later", currency="USD").organization_id
    customer_id = payer.gateway.create_customer("org_unknown", "a@b.example")
    kept = shelf.TableShelf(payer.clock)
    session = payer.gateway.start_checkout(
        organization_id="org_unknown",
        customer_id=customer_id,
        lookup_key="starter_month_usd_v1",
        attempt="1",
        success_url="https://optiq.example",
        cancel_url="https://optiq.example",
        expires_s=payer.now_ms // 1000 + 1_860,
    )
    payer.pay(session.id)
    assert kept.owner_of(customer_id) == ""
    parked = set(kept.take_parked(customer_id))
    assert {kind for kind, _ in parked} >= {"subscription", "invoice"}
    payer.world.objects[customer_id]["metadata"] = {"org": later}
    payer.world.emit("customer.updated", payer.world.objects[customer_id])
    payer.deliver()
    assert subscribing.entitlements_of(later, payer.clock).plan == "STARTER"


def _move_to_unknown_price(payer: Paying) -> Any:
    """Somebody gives the subscription a price in Stripe's own pages; returns the subscription there."""
    (subscription,) = payer.world.all_of("subscription")
    subscription["items"]["data"][0]["price"] |= {"id": "price_own", "lookup_key": None, "unit_amount": 1_000}
    payer.world.emit("customer.subscription.updated", subscription)
    return subscription


def _faults(payer: Paying) -> list[str]:
    return [
        one.what
        for one in subscribing.check(payer.gateway, payer.clock)
        if one.fix and payer.organization_id in one.what
    ]


def test_price_of_no_plan_is_shown_to_staff_and_holds_nothing_up(payer: Paying) -> None:
    payer.subscribe()
    price = dict(payer.world.all_of("subscription")[0]["items"]["data"][0]["price"])
    subscription = _move_to_unknown_price(payer)
    payer.deliver()
    # The organization keeps its plan, and what happens to the subscription is followed.
    assert (payer.plan, payer.billing.own_terms, payer.billing.amount_micros) == ("STARTER", True, 10_000_000)
    (fault,) = _faults(payer)
    assert "price_own is of no plan" in fault
    with pytest.raises(ConflictError, match="terms of its own"):
        subscribing.change_plan(payer.caller, payer.gateway, plan="PROFESSIONAL", interval="month", clock=payer.clock)
    subscribing.cancel(payer.caller, payer.gateway, clock=payer.clock)
    assert payer.stance == "CANCELING"
    subscription["items"]["data"][0]["price"] |= price
    payer.world.emit("customer.subscription.updated", subscription)
    payer.deliver()
    assert (_faults(payer), payer.billing.own_terms) == ([], False)


def test_subscription_that_begins_at_a_price_of_no_plan_leaves_the_free_plan(payer: Paying) -> None:
    checkout.complete(payer.world, payer.open_page(), GOOD)
    _move_to_unknown_price(payer)
    payer.deliver()
    assert (payer.plan, payer.billing.status, payer.billing.own_terms) == ("FREE", "ACTIVE", True)
    assert len(_faults(payer)) == 1


def test_object_that_cannot_be_read_is_shown_to_staff_and_holds_nothing_up(payer: Paying) -> None:
    payer.subscribe()
    (subscription,) = payer.world.all_of("subscription")
    status = subscription["status"]
    subscription["status"] = "of_a_later_version"
    payer.world.emit("customer.subscription.updated", subscription)
    payer.world.emit("customer.updated", payer.world.all_of("customer")[0])
    payer.deliver()
    assert any("cannot be read" in one for one in _faults(payer))
    subscription["status"] = status
    payer.world.emit("customer.subscription.updated", subscription)
    payer.deliver()
    assert _faults(payer) == []


def test_outage_of_stripe_loses_nothing(payer: Paying) -> None:
    """Case 6: 500s, then 429s; what was not mirrored comes again."""
    checkout.complete(payer.world, payer.open_page(), GOOD)
    changes = payer.changes()
    payer.server.faults += [Fault("/v1/", 500, times=6), Fault("/v1/", 429, times=4)]
    refused = 0
    while True:
        try:
            mirror_changes(changes, payer.clock, payer.gateway)
        except UpstreamError:
            refused += 1
            continue
        break
    assert refused >= 5
    assert payer.plan == "STARTER"


def test_gateway_asks_15_times_a_second_at_most(payer: Paying) -> None:
    """Case 6, by a clock of its own."""
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    gateway = StripeGateway(payer.account, Pace(now=lambda: now[0], sleep=sleep))
    customer_id = gateway.create_customer(payer.organization_id, "")
    for _ in range(60):
        assert isinstance(gateway.fetch("customer", customer_id), CustomerModel)
    assert now[0] == pytest.approx((60 - 15) / 15, abs=0.01)


def _credits(payer: Paying) -> int:
    return balance_of(payer.caller, clock=payer.clock).available


def _buy(payer: Paying) -> str:
    """Buys 500 credits; returns the charge."""
    package = packages.create_package(OPERATOR, name="500 credits", granted=500, price_micros={"USD": 50_000_000})
    page = subscribing.start_purchase(
        payer.caller, payer.gateway, package_id=package.package_id, currency="USD", clock=payer.clock
    )
    payer.pay(page.url.rpartition("/")[2])
    found: str = payer.world.all_of("charge")[0]["id"]
    return found


def test_refund_takes_the_credits_back_that_were_bought(payer: Paying) -> None:
    charge_id = _buy(payer)
    assert _credits(payer) == FREE_CREDITS + 500
    for amount, left in ((1_234, 377), (1_266, 250)):
        payer.server.call(
            "POST", "/v1/refunds", {"authorization": "Bearer sk_test_x"}, f"charge={charge_id}&amount={amount}"
        )
        payer.deliver()
        assert _credits(payer) == FREE_CREDITS + left
    (payment,) = subscribing.list_payments(payer.caller).items
    assert (payment.status, payment.refunded_micros) == ("SUCCEEDED", 25_000_000)


def test_refund_that_fails_grants_the_credits_again(payer: Paying) -> None:
    """Case 29."""
    charge_id = _buy(payer)
    payer.server.call("POST", "/v1/refunds", {"authorization": "Bearer sk_test_x"}, f"charge={charge_id}")
    payer.deliver()
    assert _credits(payer) == FREE_CREDITS
    payments.fail_refund(payer.world, payer.world.all_of("refund")[0]["id"])
    payer.deliver()
    assert _credits(payer) == FREE_CREDITS + 500


def test_dispute_takes_the_credits_until_it_is_won(payer: Paying) -> None:
    """Case 29."""
    dispute = payments.open_dispute(payer.world, _buy(payer))
    payer.deliver()
    assert _credits(payer) == FREE_CREDITS
    payments.close_dispute(payer.world, dispute["id"], won=True)
    payer.deliver()
    assert _credits(payer) == FREE_CREDITS + 500
    assert subscribing.list_payments(payer.caller).items[0].dispute == "WON"
