"""From what a sender said to one `EventAccepted`: the same rules for every dialect.

Nothing here reads anything: a public key proves its own site, and people's ids are hashed with a derived key.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from optiq.collect.campaigns import campaign_of
from optiq.collect.contracts import Delivery, Sender
from optiq.collect.identities import Identifier, known_id
from optiq.collect.payloads import MAX_ID
from optiq.collect.places import NOWHERE, Place
from optiq.kernel.clock import DAY_MS, MINUTE_MS, to_rfc3339
from optiq.kernel.errors import InvalidError
from optiq.kernel.events import Campaign, EventAccepted, Identity
from optiq.kernel.money import parse_currency, to_micros
from optiq.kernel.networks import network_of
from optiq.kernel.secrets import identity_hash

PAGE_VIEW = "page_view"
CLOCK_TOLERANCE_MS = 5 * MINUTE_MS
"""A sender whose clock is this close to ours is believed to the millisecond: correcting by the transit time of
each request would let the network reorder a visitor's own events."""
CLOCK_STEP_MS = MINUTE_MS
"""A visitor's clock that is further off is corrected by whole steps, so that a request slower than the one after it
does not put its events behind that one's."""
MAX_QUEUED_MS = 30 * DAY_MS
MAX_AHEAD_MS = DAY_MS
IMPORT_AFTER_MS = 30 * DAY_MS
"""What a server says happened longer ago is an import, which needs a token that may."""

_VALUE_PROPERTIES = ("revenue", "total", "value")
_ORDER_PROPERTIES = ("order_id", "orderId", "transaction_id")
# Made once, because json.dumps makes an encoder for each call that wants other than its defaults.
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
_COMPACT = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False)


@dataclass(frozen=True, slots=True)
class Statement:
    """What a sender said of one event, in one vocabulary for all dialects; "" and None mean: not said."""

    kind: Literal["PAGE", "TRACK", "IDENTIFY"]
    name: str
    event_id: str
    anonymous_id: str
    user_id: str
    session_hint: str
    timestamp_ms: int | None
    sent_ms: int | None
    url: str
    referrer: str
    title: str
    campaign: Campaign | None
    user_agent: str
    properties: Mapping[str, Any]
    digest: str
    identifiers: tuple[Identifier, ...] = ()
    place: Place = NOWHERE
    passing: bool = False
    """`anonymous_id` is one we gave, for a day."""


def accept(statement: Statement, sender: Sender, delivery: Delivery, platform_secret: bytes) -> EventAccepted:
    """The event as the rest of Optiq knows it.

    Raises:
        InvalidError: it names nobody, a track event has no name, or its value or currency cannot be.
    """
    identities = _identities(statement, sender, platform_secret)
    if not identities:
        raise InvalidError("an event needs an anonymous id or a user id")
    if statement.kind == "TRACK" and not statement.name:
        raise InvalidError("a track event needs a name")
    occurred_ms, corrected = happened_at(statement, delivery.received_ms, sender)
    imported = sender.trusted_clock and occurred_ms < delivery.received_ms - IMPORT_AFTER_MS
    if imported and not sender.may_import:
        raise InvalidError("an event of more than 30 days ago needs a token with the scope 'import'")
    value_micros, currency = _value_of(statement.properties)

    return EventAccepted(
        organization_id=sender.organization_id,
        site_id=sender.site_id,
        event_id=statement.event_id or secrets.token_urlsafe(16),
        own_id=not statement.event_id or _is_own(statement),
        opted_out=delivery.opted_out and not sender.trusted_clock,
        token_id=sender.token_id,
        receipt=secrets.token_urlsafe(6),
        digest=statement.digest,
        kind=statement.kind,
        name=statement.name,
        identities=identities,
        session_hint=statement.session_hint,
        occurred_ms=occurred_ms,
        received_ms=delivery.received_ms,
        clock_corrected=corrected,
        url=statement.url,
        referrer=statement.referrer,
        title=statement.title,
        campaign=statement.campaign or campaign_of(statement.url),
        user_agent=statement.user_agent,
        country=statement.place.country,
        city=statement.place.city,
        value_micros=value_micros,
        currency=currency,
        order_id=_order_id(statement.properties),
        properties=_json_text(statement.properties),
    )


def happened_at(statement: Statement, received_ms: int, sender: Sender) -> tuple[int, bool]:
    """When the event happened on our clock, and whether the sender's own word had to be set aside.

    A clock within CLOCK_TOLERANCE_MS of ours is believed as it stands. One further off is corrected by
    received - sent, when `sent` is plausible: not before the event, and not longer after it than a queue lasts.
    What a visitor's browser sent is corrected by that difference to the nearest CLOCK_STEP_MS.
    A server that says nothing usable of when it sent is taken to import history, and believed.
    """
    timestamp_ms, sent_ms = statement.timestamp_ms, statement.sent_ms
    if timestamp_ms is None:
        return received_ms, False
    if sender.trusted_clock and (sent_ms is None or abs(received_ms - sent_ms) > DAY_MS):
        occurred_ms = timestamp_ms
    elif sent_ms is None:
        return received_ms, True
    else:
        skew_ms, queued_ms = received_ms - sent_ms, sent_ms - timestamp_ms
        if not sender.trusted_clock and not -CLOCK_TOLERANCE_MS <= queued_ms <= MAX_QUEUED_MS:
            return received_ms, True
        if not sender.trusted_clock:
            skew_ms = round(skew_ms / CLOCK_STEP_MS) * CLOCK_STEP_MS
        occurred_ms = timestamp_ms if abs(skew_ms) <= CLOCK_TOLERANCE_MS else timestamp_ms + skew_ms
    if not 0 <= occurred_ms <= received_ms + MAX_AHEAD_MS:
        return received_ms, True
    return occurred_ms, occurred_ms != timestamp_ms


def digest_of(said: Mapping[str, Any]) -> str:
    """Names the content of an event, however its keys are ordered: 64 bits, base 64."""
    digest = hashlib.blake2b(canonical_json(said), digest_size=8).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def canonical_json(said: object) -> bytes:
    """One spelling for one value."""
    return _CANONICAL.encode(said).encode()


def passing_visitor_id(delivery: Delivery, site_id: str) -> str:
    """A visitor id for one day, for who sends none: from the truncated address (/24 or /48) and the browser."""
    day = to_rfc3339(delivery.received_ms)[:10]
    network = network_of(delivery.ip, ipv4_bits=24, ipv6_bits=48) or delivery.ip
    return "day-" + digest_of({"day": day, "site": site_id, "network": network, "agent": delivery.user_agent})


def _identities(statement: Statement, sender: Sender, platform_secret: bytes) -> tuple[Identity, ...]:
    """The strongest first: the user, then the device the event happened on, then what else names the person."""
    named: tuple[Identifier, ...] = (
        ("user_id", known_id(statement.user_id)),
        ("passing_id" if statement.passing else "anonymous_id", known_id(statement.anonymous_id)),
        *statement.identifiers,
    )
    return tuple(
        Identity(type=kind, hash=identity_hash(platform_secret, sender.organization_id, kind, value))
        for kind, value in named
        if value
    )


def _json_text(properties: Mapping[str, Any]) -> str:
    """Raises InvalidError for a number such as 1e999, which would be read as infinite and has no spelling in JSON."""
    try:
        return _COMPACT.encode(properties)
    except ValueError as error:
        raise InvalidError("properties: a number is out of range") from error


def _is_own(statement: Statement) -> bool:
    """Whether the id carries its visitor's, and the event will stand in that visitor's history and nobody else's."""
    visitor = statement.anonymous_id
    return bool(visitor) and not statement.user_id and statement.event_id.startswith(f"{visitor}.")


def _order_id(properties: Mapping[str, Any]) -> str:
    """An order's number, by Segment's or Google Analytics' name; anything but a short text or number is none."""
    for name in _ORDER_PROPERTIES:
        value = properties.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and 0 < len(str(value)) <= MAX_ID:
            return str(value)
    return ""


def _value_of(properties: Mapping[str, Any]) -> tuple[int | None, str]:
    currency = properties.get("currency")
    if currency is not None and not isinstance(currency, str):
        raise InvalidError("currency: must be a text such as EUR")
    code = parse_currency(currency) if currency else ""
    for name in _VALUE_PROPERTIES:
        amount = properties.get(name)
        if amount is not None and amount != "":
            try:
                return to_micros(amount), code
            except InvalidError as error:
                raise InvalidError(f"{name}: {error}") from error
    return None, code
