"""One reader per dialect: what each kind of sender says, as a `Statement`."""

from collections.abc import Mapping
from typing import Any, Literal

from optiq.collect import normalise, payloads
from optiq.collect.contracts import Delivery, Sender
from optiq.collect.identities import Identifier, known_id, more_identifiers
from optiq.collect.places import place_of
from optiq.kernel.clock import from_rfc3339
from optiq.kernel.errors import InvalidError
from optiq.kernel.events import Campaign

SCREEN_VIEW = "screen_view"
_SEGMENT_KINDS: Mapping[str, Literal["PAGE", "TRACK", "IDENTIFY"]] = {
    "track": "TRACK",
    "page": "PAGE",
    "screen": "PAGE",
    "identify": "IDENTIFY",
    "group": "IDENTIFY",
    "alias": "IDENTIFY",
}
_OF_THE_DELIVERY = ("sentAt", "writeKey")
"""What a message says of its sending, not of what happened: it may differ when the message is sent again."""


def of_tracker(said: Mapping[str, Any], sent_ms: int | None, sender: Sender, delivery: Delivery) -> normalise.Statement:
    """One event of a beacon. Raises InvalidError.

    Who is not named, as in cookieless mode, is known for a day. That visitor may be several people, so their events
    are never linked to a user: an event that names one is that user's alone. Of where they are, the city is left out.
    """
    event = payloads.read_payload(payloads.BeaconEvent, said)
    page = event.kind == "page"
    identifiers = more_identifiers(event.properties if event.kind == "identify" else None, None)
    event_id, visitor, place = event.event_id, event.anonymous_id, place_of(delivery.ip)
    passing = not (visitor or known_id(event.user_id) or identifiers)
    if passing:
        visitor = normalise.passing_visitor_id(delivery, sender.site_id)
        event_id, place = f"{visitor}.{event_id}", place.without_city
    return normalise.Statement(
        kind="PAGE" if page else "TRACK" if event.kind == "track" else "IDENTIFY",
        name=event.name or (normalise.PAGE_VIEW if page else "identify" if event.kind == "identify" else ""),
        event_id=event_id,
        anonymous_id=visitor,
        user_id=event.user_id,
        session_hint=event.session_id,
        timestamp_ms=from_rfc3339(event.timestamp),
        sent_ms=sent_ms,
        url=event.url,
        referrer=event.referrer,
        title=event.title,
        campaign=None,
        user_agent=delivery.user_agent,
        place=place,
        properties=event.properties if event.kind != "identify" else {},
        digest=normalise.digest_of(said),
        identifiers=identifiers,
        passing=passing,
    )


def of_pixel(said: Mapping[str, str], sender: Sender, delivery: Delivery) -> normalise.Statement:
    """The one event of a pixel request. Raises InvalidError."""
    name = said.get("e") or normalise.PAGE_VIEW
    if len(name) > payloads.MAX_NAME:
        raise InvalidError(f"e: an event name may have at most {payloads.MAX_NAME} characters")
    properties = {key: said[short] for short, key in (("v", "value"), ("c", "currency")) if said.get(short)}
    place = place_of(delivery.ip)
    return normalise.Statement(
        kind="PAGE" if name == normalise.PAGE_VIEW else "TRACK",
        name=name,
        event_id="",
        anonymous_id=said.get("a") or normalise.passing_visitor_id(delivery, sender.site_id),
        user_id="",
        session_hint="",
        timestamp_ms=None,
        sent_ms=None,
        url=said.get("u", ""),
        referrer=said.get("r", ""),
        title="",
        campaign=None,
        user_agent=delivery.user_agent,
        place=place if said.get("a") else place.without_city,
        properties=properties,
        digest=normalise.digest_of(said),
        passing=not said.get("a"),
    )


def of_segment(said: Mapping[str, Any], sent_ms: int | None) -> normalise.Statement:
    """One message of Segment's HTTP API; `sent_ms` is when its batch says it was sent. Raises InvalidError."""
    event = payloads.read_payload(payloads.SegmentEvent, said)
    _require_ids(event)
    campaign = event.context.campaign
    page = event.context.page
    properties = _segment_properties(event)
    return normalise.Statement(
        kind=_SEGMENT_KINDS[event.type],
        name=_segment_name(event),
        event_id=event.messageId,
        anonymous_id=event.previousId if event.type == "alias" else event.anonymousId,
        user_id=event.userId,
        session_hint=event.context.sessionId,
        timestamp_ms=_instant(event.timestamp or event.originalTimestamp),
        # Who passes on both times has corrected the first already: received - (sent - original).
        sent_ms=None if event.timestamp and event.originalTimestamp else _instant(event.sentAt) or sent_ms,
        url=page.url or _address(properties.get("url")),
        referrer=page.referrer or _address(properties.get("referrer")),
        title=page.title or event.name,
        campaign=Campaign(**campaign.model_dump()) if campaign else None,
        user_agent=event.context.userAgent,
        # The request came from a server, whose own place is nobody's.
        place=place_of(event.context.ip),
        properties=properties,
        digest=normalise.digest_of({key: value for key, value in said.items() if key not in _OF_THE_DELIVERY}),
        identifiers=_segment_identifiers(event),
    )


def _segment_identifiers(event: payloads.SegmentEvent) -> tuple[Identifier, ...]:
    if event.type == "alias":
        # The former id may have been a device's or a user's; the one it was not is nobody's.
        return (("user_id", event.previousId),)
    # A group's traits are those of a company, whose address is no person's.
    traits = {} if event.type == "group" else event.traits
    return more_identifiers(traits or event.context.traits, event.context.externalIds)


def _segment_name(event: payloads.SegmentEvent) -> str:
    if event.type == "screen":
        return event.name or SCREEN_VIEW
    return {"track": event.event, "page": normalise.PAGE_VIEW}.get(event.type, event.type)


def _segment_properties(event: payloads.SegmentEvent) -> Mapping[str, Any]:
    """What may be kept as sent: traits say who somebody is, so they are not."""
    if event.type == "group":
        return {"groupId": event.groupId}
    return event.properties if _SEGMENT_KINDS[event.type] != "IDENTIFY" else {}


def _require_ids(event: payloads.SegmentEvent) -> None:
    if event.type == "alias" and not (event.previousId and event.userId):
        raise InvalidError("an alias needs a previousId and a userId")
    if event.type == "group" and not event.groupId:
        raise InvalidError("a group message needs a groupId")


def _instant(text: str) -> int | None:
    return from_rfc3339(text) if text else None


def _address(value: object) -> str:
    return value if isinstance(value, str) and len(value) <= payloads.MAX_ADDRESS else ""


def with_context(said: Mapping[str, Any], context: Mapping[str, Any]) -> Mapping[str, Any]:
    """A message of a batch with the batch's context beneath its own."""
    own = said.get("context")
    return {**said, "context": {**context, **(own or {})}} if context and isinstance(own, dict | None) else said


def batch_context(context: object) -> dict[str, Any]:
    """What of a batch's context is laid beneath its messages': only what we use, for there may be thousands."""
    if not isinstance(context, dict):
        return {}
    used = {name: context[name] for name in ("campaign", "userAgent", "sessionId", "ip") if name in context}
    page = context.get("page")
    if isinstance(page, dict):
        used["page"] = {name: page[name] for name in ("url", "referrer", "title") if name in page}
    return used
