"""Google's Data Manager API: a request is accepted or refused as a whole, and what became of it is counted later."""

from collections import Counter
from datetime import datetime
from typing import Any

from infra.local.ad_platforms.told import DAY_MS, Ingested, are_hashes
from infra.local.ad_platforms.world import Heard, Reply, World

INGEST, STATUS = "/v1/events:ingest", "/v1/requestStatus:retrieve"
_MOST, _MOST_DESTINATIONS, _MOST_IDENTIFIERS = 2_000, 10, 10
_REASON = "PROCESSING_ERROR_REASON_"
_AGE_MS = 90 * DAY_MS


def answer(world: World, heard: Heard, path: str) -> Reply:
    if path == STATUS:
        return _status(world, heard.query.get("requestId", ""))
    body = heard.body
    wrong = _wrong(body)
    if wrong:
        return _bad(wrong)
    if body.get("validateOnly"):
        world.feedback.tested.append(body)
        return Reply(200, {"requestId": "dm-validated"})
    failed: Counter[str] = Counter()
    for event in body["events"]:
        if reason := _fails(world, event):
            failed[_REASON + reason] += 1
            continue
        for destination in _destinations_of(body, event):
            target, value = str(destination["productDestinationId"]), float(event.get("conversionValue", 0))
            world.feedback.hear("google", target, "", event, event["transactionId"], value, world.now_ms)
    request_id = f"dm-{len(world.feedback.requests) + 1}"
    world.feedback.requests[request_id] = Ingested(
        world.now_ms, body["destinations"], dict(failed), len(body["events"])
    )
    return Reply(200, {"requestId": request_id})


def _wrong(body: dict[str, Any]) -> tuple[str, str, str] | None:
    """The field in which something is wrong, why, and the reason's name."""
    destinations, events = body.get("destinations") or [], body.get("events") or []
    if not 1 <= len(destinations) <= _MOST_DESTINATIONS:
        return "destinations", "Between 1 and 10 are required", "INVALID_DESTINATION"
    if not 1 <= len(events) <= _MOST:
        return "events.events", "Between 1 and 2000 are required", "TOO_MANY_EVENTS"
    for place, one in enumerate(destinations):
        account = one.get("operatingAccount", {})
        if account.get("accountType") != "GOOGLE_ADS" or not str(account.get("accountId", "")).isdecimal():
            return f"destinations[{place}].operating_account", "Is required", "INVALID_OPERATING_ACCOUNT"
    for place, event in enumerate(events):
        for field, name in (("transactionId", "transaction_id"), ("eventTimestamp", "event_timestamp")):
            if not event.get(field):
                return f"events.events[{place}].{name}", "Required field is missing", "REQUIRED_FIELD_MISSING"
        if not event.get("eventSource"):
            return f"events.events[{place}].event_source", "Required field is missing", "REQUIRED_FIELD_MISSING"
        identifiers = event.get("userData", {}).get("userIdentifiers", [])
        if identifiers and body.get("encoding") != "HEX":
            return "encoding", "Required field is missing", "ENCODING_REQUIRED"
        hashed = [one[name] for one in identifiers for name in ("emailAddress", "phoneNumber") if name in one]
        if len(identifiers) > _MOST_IDENTIFIERS or not are_hashes(hashed):
            return f"events.events[{place}].user_data.user_identifiers", "Invalid format", "INVALID_FORMAT"
    return None


def _fails(world: World, event: dict[str, Any]) -> str:
    """Google's reason for an event that it takes no conversion of; "" for one that it does."""
    if reason := world.feedback.reasons.get(event["transactionId"]):
        return reason
    known = any(one.event_id == event["transactionId"] for one in world.feedback.told.values())
    if known:
        return ""
    if event.get("consent", {}).get("adUserData") != "CONSENT_GRANTED":
        return "NO_CONSENT"
    at_ms = datetime.fromisoformat(event["eventTimestamp"].replace("Z", "+00:00")).timestamp() * 1_000
    if world.now_ms - at_ms > _AGE_MS:
        return "EVENT_TOO_OLD"
    return "" if event.get("adIdentifiers") or event.get("userData") else "INVALID_EVENT"


def _destinations_of(body: dict[str, Any], event: dict[str, Any]) -> list[dict[str, Any]]:
    references = event.get("destinationReferences")
    return [one for one in body["destinations"] if not references or one.get("reference") in references]


def _status(world: World, request_id: str) -> Reply:
    found = world.feedback.requests.get(request_id)
    if found is None:
        return _bad(("request_id", "Unknown", "INVALID_REQUEST_ID"))
    processing = world.now_ms - found.at_ms < world.feedback.processing_ms
    count = sum(found.failed.values())
    state = "PARTIAL_SUCCESS" if count < found.size else "FAILED"
    per = {
        "destination": found.destinations[0],
        "requestStatus": "PROCESSING" if processing else state if count else "SUCCESS",
        "eventsIngestionStatus": {"recordCount": str(found.size)},
    }
    if count and not processing:
        per["errorInfo"] = {
            "errorCounts": [{"recordCount": str(number), "reason": reason} for reason, number in found.failed.items()]
        }
    return Reply(200, {"requestStatusPerDestination": [per]})


def _bad(wrong: tuple[str, str, str]) -> Reply:
    field, description, reason = wrong
    details = [
        {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "INVALID_ARGUMENT",
            "domain": "datamanager.googleapis.com",
        },
        {"@type": "type.googleapis.com/google.rpc.RequestInfo", "requestId": "t-1"},
        {
            "@type": "type.googleapis.com/google.rpc.BadRequest",
            "fieldViolations": [{"field": field, "description": description, "reason": reason}],
        },
    ]
    message = "There was a problem with the request."
    return Reply(400, {"error": {"code": 400, "message": message, "status": "INVALID_ARGUMENT", "details": details}})
