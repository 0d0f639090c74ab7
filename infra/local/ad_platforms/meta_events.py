"""Meta's Conversions API: all of a request is taken, or nothing."""

import re
from typing import Any

from infra.local.ad_platforms.told import DAY_MS, are_hashes
from infra.local.ad_platforms.world import Heard, Reply, World

PATH = re.compile(r"/(\d+)/events")
_MOST = 1_000
_HASHED = ("em", "ph", "external_id", "fn", "ln", "ct", "st", "zp", "country")
_MATCHED = (*_HASHED, "client_ip_address", "fbc", "fbp")


def answer(world: World, heard: Heard, target: str) -> Reply:
    events = heard.body.get("data")
    if not isinstance(events, list) or not 1 <= len(events) <= _MOST:
        return error(0, "The parameter data is required and has at most 1000 events")
    for event in events:
        if wrong := _wrong(world, event):
            return wrong
    if heard.body.get("test_event_code"):
        world.feedback.tested += events
    else:
        for event in events:
            value = float(event.get("custom_data", {}).get("value", 0))
            world.feedback.hear("meta", target, event["event_name"], event, event["event_id"], value, world.now_ms)
    return Reply(200, {"events_received": len(events), "messages": [], "fbtrace_id": "Ad"})


def error(subcode: int, message: str) -> Reply:
    body = {"message": message, "type": "OAuthException", "code": 100, "is_transient": False, "fbtrace_id": "Ae"}
    return Reply(400, {"error": body | ({"error_subcode": subcode} if subcode else {})})


def _wrong(world: World, event: dict[str, Any]) -> Reply | None:
    if not {"event_name", "event_time", "action_source", "user_data"} <= event.keys():
        return error(2804001, "Missing a required parameter")
    at_ms, user, custom = int(event["event_time"]) * 1_000, event["user_data"], event.get("custom_data", {})
    if world.now_ms - at_ms > 7 * DAY_MS:
        return error(2804003, "Event Timestamp Too Old")
    if at_ms > world.now_ms + DAY_MS:
        return error(2804004, "Event Timestamp In The Future")
    if event["event_name"] == "Purchase" and not {"value", "currency"} <= custom.keys():
        return error(2804009, "Missing Value Or Currency")
    if event["action_source"] == "website" and not ("client_user_agent" in user and event.get("event_source_url")):
        return error(2804019, "Missing client_user_agent or event_source_url")
    if not any(user.get(name) for name in _MATCHED):
        return error(2804050, "Not enough customer information parameters")
    if not all(are_hashes(user[name]) for name in _HASHED if name in user):
        return error(2804010, "Customer information must be hashed")
    if not isinstance(event.get("event_id"), str) or event["event_id"] in world.feedback.refused:
        return error(2804002, "Invalid parameter")
    return None
