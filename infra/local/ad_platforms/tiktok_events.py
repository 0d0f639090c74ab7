"""TikTok's Events API: HTTP 200, with a code that says what came of it."""

from typing import Any

from infra.local.ad_platforms.told import DAY_MS, are_hashes
from infra.local.ad_platforms.world import Heard, Reply, World

PATH = "/event/track/"
_MOST = 1_000
_HASHED = ("email", "phone", "external_id")
_MATCHED = (*_HASHED, "ttclid", "ttp", "ip")


def answer(world: World, heard: Heard) -> Reply:
    body, events = heard.body, heard.body.get("data")
    if body.get("event_source") != "web" or not body.get("event_source_id"):
        return _coded(40002, "Invalid event_source.")
    if not isinstance(events, list) or not 1 <= len(events) <= _MOST:
        return _coded(40002, "data: must have 1 to 1000 events.")
    for event in events:
        if wrong := _wrong(world, event):
            return wrong
    if body.get("test_event_code"):
        world.feedback.tested += events
        return _coded(0, "OK")
    refused = [place for place, event in enumerate(events) if event["event_id"] in world.feedback.refused]
    if refused and world.feedback.partial == "WHOLE":
        return _coded(40002, "Invalid parameter.")
    for place, event in enumerate(events):
        if place not in refused:
            value = float(event.get("properties", {}).get("value", 0))
            ids = (str(body["event_source_id"]), event["event"])
            world.feedback.hear("tiktok", *ids, event, event["event_id"], value, world.now_ms)
    if not refused:
        return _coded(0, "OK")
    if world.feedback.partial == "SILENT":
        return _coded(20001, "Partial success")
    failed = [{"order_in_batch": place, "error_message": "Invalid parameter."} for place in refused]
    return _coded(20001, "Partial success", {"failed_events": failed})


def _wrong(world: World, event: dict[str, Any]) -> Reply | None:
    if not isinstance(event.get("event_id"), str):
        return _coded(40002, "event_id: must be a string.")
    if not event.get("event") or not isinstance(event.get("event_time"), int):
        return _coded(40002, "event, event_time: Missing data for required field.")
    if world.now_ms - event["event_time"] * 1_000 > 7 * DAY_MS:
        return _coded(40002, "event_time: is more than 7 days ago.")
    user = event.get("user", {})
    if not all(are_hashes(user[name]) for name in _HASHED if name in user):
        return _coded(40062, "Personal data must be hashed.")
    if not any(user.get(name) for name in _MATCHED):
        return _coded(40002, "user: Missing data for required field.")
    return None


def _coded(code: int, message: str, data: object | None = None) -> Reply:
    return Reply(200, {"code": code, "message": message, "request_id": "20261001E", "data": data or {}})
