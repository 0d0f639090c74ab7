"""One reader per dialect: what each kind of sender says, as a `Statement`."""

from collections.abc import Mapping
from typing import Any

from optiq.collect import normalise, payloads
from optiq.collect.contracts import Delivery, Sender
from optiq.kernel.clock import from_rfc3339
from optiq.kernel.errors import InvalidError
from optiq.kernel.events import Campaign


def of_tracker(said: Mapping[str, Any], sent_ms: int | None, delivery: Delivery) -> normalise.Statement:
    """One event of a beacon. Raises InvalidError."""
    event = payloads.read_payload(payloads.BeaconEvent, said)
    page = event.kind == "page"
    return normalise.Statement(
        kind="PAGE" if page else "TRACK" if event.kind == "track" else "IDENTIFY",
        name=event.name or (normalise.PAGE_VIEW if page else "identify" if event.kind == "identify" else ""),
        event_id=event.event_id,
        anonymous_id=event.anonymous_id,
        user_id=event.user_id,
        session_hint=event.session_id,
        timestamp_ms=from_rfc3339(event.timestamp),
        sent_ms=sent_ms,
        url=event.url,
        referrer=event.referrer,
        title=event.title,
        campaign=None,
        user_agent=delivery.user_agent,
        properties=event.properties if event.kind != "identify" else {},
        digest=normalise.digest_of(said),
    )


def of_pixel(said: Mapping[str, str], sender: Sender, delivery: Delivery) -> normalise.Statement:
    """The one event of a pixel request. Raises InvalidError."""
    name = said.get("e") or normalise.PAGE_VIEW
    if len(name) > payloads.MAX_NAME:
        raise InvalidError(f"e: an event name may have at most {payloads.MAX_NAME} characters")
    properties = {key: said[short] for short, key in (("v", "value"), ("c", "currency")) if said.get(short)}
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
        properties=properties,
        digest=normalise.digest_of(said),
    )


def of_segment(said: Mapping[str, Any], sent_ms: int | None) -> normalise.Statement:
    """One message of Segment's HTTP API. Raises InvalidError."""
    event = payloads.read_payload(payloads.SegmentEvent, said)
    campaign = event.context.campaign
    page = event.context.page
    properties = event.properties
    kind = event.type.upper()
    return normalise.Statement(
        kind="PAGE" if kind == "PAGE" else "TRACK" if kind == "TRACK" else "IDENTIFY",
        name=event.event if kind == "TRACK" else normalise.PAGE_VIEW if kind == "PAGE" else "identify",
        event_id=event.messageId,
        anonymous_id=event.anonymousId,
        user_id=event.userId,
        session_hint=event.context.sessionId,
        timestamp_ms=from_rfc3339(event.timestamp) if event.timestamp else None,
        sent_ms=sent_ms,
        url=page.url or _address(properties.get("url")),
        referrer=page.referrer or _address(properties.get("referrer")),
        title=page.title or event.name,
        campaign=Campaign(**campaign.model_dump()) if campaign else None,
        user_agent=event.context.userAgent,
        properties=properties,
        digest=normalise.digest_of({key: value for key, value in said.items() if key != "sentAt"}),
    )


def _address(value: object) -> str:
    return value if isinstance(value, str) and len(value) <= payloads.MAX_ADDRESS else ""


def with_context(said: Mapping[str, Any], context: object) -> Mapping[str, Any]:
    """A message of a batch with the batch's context beneath its own."""
    own = said.get("context")
    if not context or not isinstance(context, dict) or not isinstance(own, dict | None):
        return said
    return {**said, "context": {**context, **(own or {})}}
