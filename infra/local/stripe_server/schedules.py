"""Schedules: which price a subscription has from when on."""

from typing import Any

from infra.local.stripe_server import subscriptions
from infra.local.stripe_server.dates import after
from infra.local.stripe_server.errors import invalid
from infra.local.stripe_server.forms import Request
from infra.local.stripe_server.shapes import Obj
from infra.local.stripe_server.world import World

_MONTHS = {"month": 1, "year": 12}


def create(world: World, request: Request) -> Obj:
    """Of a subscription as it is: one phase, the period that runs."""
    subscription = world.get("subscription", request.required("from_subscription"))
    if subscription["schedule"]:
        raise invalid("You cannot migrate a subscription that is already attached to a schedule.")
    item = subscription["items"]["data"][0]
    phase = _phase(item["price"]["id"], item["current_period_start"], item["current_period_end"])
    schedule = world.add(
        "subscription_schedule",
        customer=subscription["customer"],
        customer_id=subscription["customer"],
        subscription=subscription["id"],
        phases=[phase],
        current_phase={"start_date": phase["start_date"], "end_date": phase["end_date"]},
        test_clock=subscription["test_clock"],
    )
    world.emit("subscription_schedule.created", schedule)
    world.change(subscription, "customer.subscription.updated", schedule=schedule["id"])
    return schedule


def get(world: World, request: Request) -> Obj:
    return world.get("subscription_schedule", request.id)


def update(world: World, request: Request) -> Obj:
    schedule = _active(world, request.id)
    phases, start = [], schedule["phases"][0]["start_date"]
    for one in request.each("phases"):
        price = world.get("price", str(one["items"][0].get("price", "")))
        start = int(one.get("start_date", start))
        if "end_date" in one:
            until = int(one["end_date"])
        elif "duration" in one:
            count = int(one["duration"].get("interval_count", 1))
            until = after(start, count * _MONTHS[one["duration"]["interval"]])
        else:
            raise invalid("A phase needs a `duration` or an `end_date`.", param="phases")
        phases.append(_phase(price["id"], start, until))
        start = until
    fields: Obj = {"phases": phases} if phases else {}
    if request.text("end_behavior"):
        fields["end_behavior"] = request.text("end_behavior")
    world.change(schedule, "subscription_schedule.updated", **fields)
    return schedule


def release(world: World, request: Request) -> Obj:
    schedule = _active(world, request.id)
    let_go(world, schedule)
    return schedule


def cancel(world: World, request: Request) -> Obj:
    """Ends the subscription too."""
    schedule = _active(world, request.id)
    subscription = world.get("subscription", schedule["subscription"])
    world.change(
        schedule, "subscription_schedule.canceled", status="canceled", canceled_at=world.time_of(schedule["customer"])
    )
    subscriptions.end(world, subscription)
    return schedule


def let_go(world: World, schedule: Obj) -> None:
    """The subscription goes on without it, as it is."""
    subscription = world.get("subscription", schedule["subscription"])
    fields: dict[str, Any] = {
        "status": "released",
        "released_at": world.time_of(schedule["customer"]),
        "released_subscription": subscription["id"],
        "subscription": None,
        "current_phase": None,
    }
    world.change(schedule, "subscription_schedule.released", **fields)
    world.change(subscription, "customer.subscription.updated", schedule=None)


def next_phase(world: World, schedule: Obj) -> None:
    """The phase that runs is over: the next begins, or the schedule lets go."""
    ended = schedule["current_phase"]["end_date"]
    following = next((one for one in schedule["phases"] if one["start_date"] >= ended), None)
    if following is None:
        let_go(world, schedule)
        return
    subscription = world.get("subscription", schedule["subscription"])
    price = world.get("price", following["items"][0]["price"])
    subscriptions.put_price(world, subscription, price, ended, within=False)
    current = {"start_date": following["start_date"], "end_date": following["end_date"]}
    world.change(schedule, "subscription_schedule.updated", current_phase=current)


def _active(world: World, schedule_id: str) -> Obj:
    schedule = world.get("subscription_schedule", schedule_id)
    if schedule["status"] != "active":
        raise invalid(f"You cannot change a subscription schedule that is {schedule['status']}.")
    return schedule


def _phase(price_id: str, start: int, end: int) -> Obj:
    item: Obj = {
        "billing_thresholds": None,
        "discounts": [],
        "metadata": {},
        "plan": price_id,
        "price": price_id,
        "quantity": 1,
    }
    return {
        "add_invoice_items": [],
        "application_fee_percent": None,
        "billing_cycle_anchor": None,
        "collection_method": None,
        "currency": "usd",
        "default_payment_method": None,
        "description": None,
        "discounts": [],
        "end_date": end,
        "invoice_settings": None,
        "items": [item],
        "metadata": {},
        "on_behalf_of": None,
        "proration_behavior": "none",
        "start_date": start,
        "transfer_data": None,
        "trial_end": None,
    }
