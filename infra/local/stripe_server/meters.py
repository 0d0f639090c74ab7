"""Meters: of an hour, the event that was received last counts."""

import re

from infra.local.stripe_server.errors import StripeFault, invalid
from infra.local.stripe_server.forms import Request
from infra.local.stripe_server.shapes import Obj, listing
from infra.local.stripe_server.world import World

HOUR = 3_600
_OLDEST, _AHEAD = 35 * 86_400, 300
_REMEMBERED = 86_400
"""How long an identifier is known, in seconds: Stripe says 24 hours at least."""
_LONGEST_IDENTIFIER, _MOST_LISTED = 100, 100
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")


def create(world: World, request: Request) -> Obj:
    meter = world.add(
        "billing.meter",
        display_name=request.required("display_name"),
        event_name=request.required("event_name"),
        event_time_window=request.text("event_time_window") or None,
        default_aggregation={"formula": request.inner("default_aggregation").get("formula", "sum")},
        updated=world.time_of(),
    )
    world.emit("billing.meter.created", meter)
    return meter


def list_all(world: World, request: Request) -> Obj:
    return listing("/v1/billing/meters", world.all_of("billing.meter")[: request.number("limit") or 10])


def report(world: World, request: Request) -> Obj:
    """Takes one value of a customer."""
    name, payload = request.required("event_name"), request.inner("payload")
    meter = next((one for one in world.all_of("billing.meter") if one["event_name"] == name), None)
    if meter is None:
        raise invalid(f"No active meter found for event name {name}.", param="event_name")
    customer_id = payload.get(meter["customer_mapping"]["event_payload_key"], "")
    world.get("customer", customer_id)
    now = world.time_of(customer_id)
    at = request.number("timestamp") or now
    if at < now - _OLDEST:
        raise invalid("timestamp: too far in the past.", code="timestamp_too_far_in_past", param="timestamp")
    if at > now + _AHEAD:
        raise invalid("timestamp: in the future.", code="timestamp_in_future", param="timestamp")
    if not _NUMBER.fullmatch(payload.get(meter["value_settings"]["event_payload_key"], "")):
        raise invalid("payload[value]: must be a number.", code="meter_event_invalid_value", param="payload")
    identifier = request.text("identifier") or world.new_id("identifier")
    if len(identifier) > _LONGEST_IDENTIFIER:
        raise invalid("identifier: too long.", param="identifier")
    known = world.all_of("billing.meter_event", identifier=identifier)
    if any(one["created"] > now - _REMEMBERED for one in known):
        raise StripeFault(400, "invalid_request_error", f"An event already exists with identifier {identifier}.")
    event = world.add(
        "billing.meter_event",
        customer_id=customer_id,
        event_name=name,
        payload=payload,
        identifier=identifier,
        timestamp=at,
    )
    return {field: value for field, value in event.items() if field != "id"}


def summaries(world: World, request: Request) -> Obj:
    """What counts of each hour, newest first."""
    meter = world.get("billing.meter", request.id)
    customer_id = request.required("customer")
    start, end = request.number("start_time") or 0, request.number("end_time") or 0
    if start % HOUR or end % HOUR:
        raise invalid("start_time and end_time must be aligned with hour boundaries.", param="start_time")
    last: dict[int, float] = {}
    for event in reversed(world.all_of("billing.meter_event", event_name=meter["event_name"])):
        of_customer = event["payload"].get(meter["customer_mapping"]["event_payload_key"]) == customer_id
        if of_customer and start <= event["timestamp"] < end:
            hour = event["timestamp"] - event["timestamp"] % HOUR
            value = float(event["payload"][meter["value_settings"]["event_payload_key"]])
            last[hour] = value if meter["event_time_window"] == "hour" else last.get(hour, 0.0) + value
    if request.text("value_grouping_window") == "hour":
        spans = {hour: (HOUR, value) for hour, value in last.items()}
    else:
        spans = {start: (end - start, sum(last.values()))} if last else {}
    found = [
        {
            "id": f"mtrsum_{begins}_{seconds}",
            "object": "billing.meter_event_summary",
            "aggregated_value": value,
            "start_time": begins,
            "end_time": begins + seconds,
            "livemode": False,
            "meter": meter["id"],
        }
        for begins, (seconds, value) in sorted(spans.items(), reverse=True)
    ]
    return _page(f"/v1/billing/meters/{meter['id']}/event_summaries", found, request)


def _page(url: str, found: list[Obj], request: Request) -> Obj:
    """Those after the one that is named, as many as are asked for."""
    limit = request.number("limit") or 10
    if not 1 <= limit <= _MOST_LISTED:
        raise invalid("limit must be between 1 and 100.", param="limit")
    if after := request.text("starting_after"):
        found = found[next((place + 1 for place, one in enumerate(found) if one["id"] == after), len(found)) :]
    return listing(url, found[:limit], has_more=len(found) > limit)
