"""What happens by itself when time passes: renewals, retries, ends; and test clocks, which let it pass at once."""

from collections.abc import Callable, Iterator
from functools import partial

from infra.local.stripe_server import checkout, invoicing, schedules, subscriptions
from infra.local.stripe_server.errors import invalid
from infra.local.stripe_server.forms import Request
from infra.local.stripe_server.shapes import Obj
from infra.local.stripe_server.world import World

_Due = tuple[int, int, Callable[[], None]]
_RENEWED = ("active", "trialing", "past_due")
_INCOMPLETE_SECONDS = 23 * 3_600
_MOST_PERIODS = 2


def create(world: World, request: Request) -> Obj:
    frozen = request.number("frozen_time") or 0
    return world.add(
        "test_helpers.test_clock",
        frozen_time=frozen,
        name=request.text("name") or None,
        deletes_after=frozen + 30 * 86_400,
    )


def get(world: World, request: Request) -> Obj:
    return world.get("test_helpers.test_clock", request.id)


def advance(world: World, request: Request) -> Obj:
    clock = world.get("test_helpers.test_clock", request.id)
    until = request.number("frozen_time") or 0
    if until <= clock["frozen_time"]:
        raise invalid("You can only advance a test clock forward.", param="frozen_time")
    if any(_periods_to(one, until) > _MOST_PERIODS for one in world.all_of("subscription", test_clock=clock["id"])):
        raise invalid("You can advance a test clock by two intervals at most.", param="frozen_time")
    pass_time(world, until, clock["id"])
    clock["frozen_time"] = until
    return clock


def pass_time(world: World, until: int, clock_id: str | None = None) -> None:
    """Does what is due up to an instant, each thing at its own, for the customers of a clock or those without one."""
    while due := min(_due(world, until, clock_id), key=lambda one: one[:2], default=None):
        at, _, happen = due
        with world.at(at):
            happen()


def _due(world: World, until: int, clock_id: str | None) -> Iterator[_Due]:
    """Each with its instant and its rank among those of one instant: a schedule changes the price before it renews."""
    for one in list(world.objects.values()):
        kind, clock = one["object"], one.get("test_clock")
        if kind == "checkout.session":
            clock = world.objects[one["customer"]]["test_clock"]
        if clock == clock_id:
            for at, rank, happen in _of(world, one, kind):
                if at <= until:
                    yield at, rank, happen


def _of(world: World, one: Obj, kind: str) -> Iterator[_Due]:
    if kind == "subscription_schedule" and one["status"] == "active":
        yield one["current_phase"]["end_date"], 0, partial(schedules.next_phase, world, one)
    elif kind == "subscription" and one["status"] in _RENEWED:
        end = one["items"]["data"][0]["current_period_end"]
        yield end, 1, partial(subscriptions.renew, world, one)
    elif kind == "subscription" and one["status"] == "incomplete":
        gone = partial(subscriptions.end, world, one, "incomplete_expired")
        yield one["created"] + _INCOMPLETE_SECONDS, 1, gone
    elif kind == "invoice" and one["status"] == "draft" and one["auto_advance"]:
        yield one["automatically_finalizes_at"], 2, partial(_finalize, world, one)
    elif kind == "invoice" and one["status"] == "open" and one["next_payment_attempt"]:
        yield one["next_payment_attempt"], 2, partial(_try_again, world, one)
    elif kind == "checkout.session" and one["status"] == "open":
        yield one["expires_at"], 2, partial(checkout.expire_now, world, one)


def _finalize(world: World, invoice: Obj) -> None:
    invoicing.finalize(world, invoice)
    invoicing.pay(world, invoice)


def _try_again(world: World, invoice: Obj) -> None:
    invoicing.pay(world, invoice)


def _periods_to(subscription: Obj, until: int) -> int:
    item = subscription["items"]["data"][0]
    length = item["current_period_end"] - item["current_period_start"]
    return int(max(0, until - item["current_period_start"]) // max(1, length))
