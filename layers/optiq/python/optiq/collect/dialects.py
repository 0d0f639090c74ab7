"""One reader per dialect: what each kind of sender says, as a `Statement`."""

from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import urlencode

from optiq.collect import consents, normalise, payloads
from optiq.collect.campaigns import campaign_of
from optiq.collect.contracts import Delivery, Sender
from optiq.collect.identities import Identifier, known_id, more_identifiers
from optiq.collect.instants import UNDATED, read_instant
from optiq.collect.mending import read_payload, refusal
from optiq.collect.places import place_of
from optiq.kernel.click_ids import KNOWN

SCREEN_VIEW = "screen_view"
_SEGMENT_KINDS: Mapping[str, Literal["PAGE", "TRACK", "IDENTIFY"]] = {
    "track": "TRACK",
    "page": "PAGE",
    "screen": "PAGE",
    "identify": "IDENTIFY",
    "group": "IDENTIFY",
    "alias": "IDENTIFY",
}
_OF_THE_DELIVERY = frozenset({"sentAt", "receivedAt", "writeKey", "_metadata", "integrations"})
"""What a message says of its sending, not of what happened: it may differ when the message is sent again."""
_OF_BATCH = ("campaign", "referrer", "userAgent", "sessionId", "ip", "consent")
_PIXEL_PROPERTIES = {"v": "value", "c": "currency", "o": "order_id"}


def of_tracker(
    sent: Mapping[str, Any],
    sent_ms: int | None,
    sender: Sender,
    delivery: Delivery,
    warnings: list[str],
    consent: str,
) -> normalise.Statement:
    """One event of a beacon, which says `consent`; `warnings` gets what is left out of it. Raises InvalidError.

    Who is not named, as in cookieless mode, is known for a day. That visitor may be several people, so their events
    are never linked to a user: an event that names one is that user's alone. Of where they are, the city is left out.
    """
    event = read_payload(payloads.BeaconEvent, sent, warnings, essential=("event_id", "kind"))
    timestamp_ms = read_instant("timestamp", event.timestamp, warnings)
    page = event.kind == "page"
    identifiers = more_identifiers(event.properties if event.kind == "identify" else None, None)
    event_id, visitor, place = event.event_id, event.anonymous_id, place_of(delivery.visitor_ip)
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
        timestamp_ms=timestamp_ms,
        sent_ms=sent_ms,
        url=event.url,
        referrer=event.referrer,
        title=event.title,
        campaign=None,
        user_agent=delivery.user_agent,
        place=place,
        properties=event.properties if event.kind != "identify" else {},
        digest=normalise.digest_of(sent),
        identifiers=identifiers,
        passing=passing,
        warnings=warnings,
        undated=timestamp_ms is None and event.timestamp not in UNDATED,
        consent=consent,
    )


def of_pixel(sent: Mapping[str, str], sender: Sender, delivery: Delivery, warnings: list[str]) -> normalise.Statement:
    """The one event of a pixel request; `warnings` gets what is shortened of it."""
    pixel = read_payload(payloads.Pixel, sent, warnings)
    name = pixel.e or normalise.PAGE_VIEW
    properties = {name: sent[short] for short, name in _PIXEL_PROPERTIES.items() if sent.get(short)}
    place = place_of(delivery.visitor_ip)
    return normalise.Statement(
        kind="PAGE" if name == normalise.PAGE_VIEW else "TRACK",
        name=name,
        event_id="",
        anonymous_id=pixel.a or normalise.passing_visitor_id(delivery, sender.site_id),
        user_id="",
        session_hint="",
        timestamp_ms=None,
        sent_ms=None,
        url=_of_pixel(pixel.u, sent),
        referrer=pixel.r,
        title="",
        campaign=None,
        user_agent=delivery.user_agent,
        place=place if pixel.a else place.without_city,
        properties=properties,
        digest=normalise.digest_of(sent),
        passing=not pixel.a,
        warnings=warnings,
    )


def _of_pixel(url: str, sent: Mapping[str, str]) -> str:
    """The page's address. One that was not URL-encoded left its parameters behind the first among the pixel's own."""
    if "?" not in url:
        return url
    left = [(name, value) for name, value in sent.items() if name.lower() in KNOWN or name.lower().startswith("utm_")]
    return f"{url}&{urlencode(left)}"[: payloads.MAX_ADDRESS] if left else url


def of_segment(sent: Mapping[str, Any], sent_ms: int | None, warnings: list[str]) -> normalise.Statement:
    """One message of Segment's HTTP API; `sent_ms` is when its batch says it was sent. Raises InvalidError."""
    event = read_payload(payloads.SegmentEvent, sent, warnings, essential=("type",))
    _require_ids(event, warnings)
    timestamp_ms, passed_on = _happened_ms(event, warnings)
    page = event.context.page
    properties = _segment_properties(event)
    return normalise.Statement(
        kind=_SEGMENT_KINDS[event.type],
        name=_segment_name(event),
        event_id=event.messageId,
        anonymous_id=event.previousId if event.type == "alias" else event.anonymousId,
        user_id=event.userId,
        session_hint=event.context.sessionId,
        timestamp_ms=timestamp_ms,
        sent_ms=None if passed_on else read_instant("sentAt", event.sentAt, warnings) or sent_ms,
        url=_with_search(page.url, page.search) or _address("url", properties, warnings),
        referrer=page.referrer or _address("referrer", properties, warnings) or event.context.referrer.url,
        title=page.title or event.name,
        campaign=campaign_of(dict(event.context.campaign)) if event.context.campaign else None,
        user_agent=event.context.userAgent,
        # The request came from a server, whose own place is nobody's.
        place=place_of(event.context.ip),
        properties=properties,
        digest=normalise.digest_of({key: value for key, value in sent.items() if key not in _OF_THE_DELIVERY}),
        identifiers=_segment_identifiers(event),
        warnings=warnings,
        undated=timestamp_ms is None and not (event.timestamp in UNDATED and event.originalTimestamp in UNDATED),
        consent=consents.of_segment(sent.get("context")),
    )


def _segment_identifiers(event: payloads.SegmentEvent) -> tuple[Identifier, ...]:
    if event.type == "alias":
        # The former id may have been a device's or a user's; the one it was not is nobody's.
        return (("user_id", known_id(event.previousId)),)
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


def _require_ids(event: payloads.SegmentEvent, warnings: list[str]) -> None:
    if event.type == "alias" and not (known_id(event.previousId) and known_id(event.userId)):
        raise refusal("an alias needs a previousId and a userId", warnings)
    if event.type == "group" and not event.groupId:
        raise refusal("a group message needs a groupId", warnings)


def _happened_ms(event: payloads.SegmentEvent, warnings: list[str]) -> tuple[int | None, bool]:
    """When it happened, and whether who passed it on has corrected that: received - (sent - original)."""
    timestamp_ms = read_instant("timestamp", event.timestamp, warnings)
    if timestamp_ms is None:
        return read_instant("originalTimestamp", event.originalTimestamp, warnings), False
    return timestamp_ms, event.originalTimestamp not in UNDATED


def _with_search(url: str, search: str) -> str:
    """A page's address with its query, which some senders say only beside it: that of a canonical link has none."""
    search = search.lstrip("?")
    if not url or not search or "?" in url:
        return url
    path, hash_sign, fragment = url.partition("#")
    return f"{path}?{search}{hash_sign}{fragment}"[: payloads.MAX_ADDRESS]


def _address(name: str, properties: Mapping[str, Any], warnings: list[str]) -> str:
    value = properties.get(name)
    if not isinstance(value, str):
        return ""
    if len(value) > payloads.MAX_ADDRESS:
        warnings.append(f"properties.{name}: shortened to {payloads.MAX_ADDRESS} characters")
    return value[: payloads.MAX_ADDRESS]


def with_context(sent: Mapping[str, Any], context: Mapping[str, Any], warnings: list[str]) -> Mapping[str, Any]:
    """A message of a batch with the batch's context beneath its own."""
    if not context:
        return sent
    own = sent.get("context") or {}
    if not isinstance(own, dict):
        warnings.append("context: is not an object; left out")
        own = {}
    return {**sent, "context": {**context, **own}}


def batch_context(context: object, warnings: list[str]) -> dict[str, Any]:
    """What of a batch's context is laid beneath its messages': only what we use, for there may be thousands."""
    if not isinstance(context, dict):
        if context is not None and context != []:
            warnings.append("the batch's context: is not an object; left out")
        return {}
    used = {name: context[name] for name in _OF_BATCH if name in context}
    page = context.get("page")
    if isinstance(page, dict):
        used["page"] = {name: page[name] for name in ("url", "search", "referrer", "title") if name in page}
    return used
