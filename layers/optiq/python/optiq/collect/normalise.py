"""From the fields of a sender to one `EventAccepted`: the same rules for every dialect.

Nothing here reads anything: a public key proves its own site, and people's ids are hashed with a derived key.
"""

import binascii
import hashlib
import json
import random
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from optiq.collect.campaigns import read_campaign
from optiq.collect.contracts import Delivery, Sender
from optiq.collect.identities import Identifier, kept_hash, known_id
from optiq.collect.instants import FIRST_MS
from optiq.collect.json_bodies import compact_json
from optiq.collect.mending import bounded, refusal
from optiq.collect.orders import Order, read_correction, read_order
from optiq.collect.payloads import MAX_CAMPAIGN
from optiq.collect.placeholders import is_placeholder
from optiq.collect.places import NOWHERE, Place
from optiq.kernel.ad_consent import OPTED_OUT
from optiq.kernel.click_ids import KNOWN, LONGEST_CLICK_ID
from optiq.kernel.clock import DAY_MS, MINUTE_MS, utc_day
from optiq.kernel.errors import InvalidError
from optiq.kernel.events import ERASED_EVENT, OF_API, Campaign, EventAccepted, Identity, IdentityType, correction_of
from optiq.kernel.networks import network_of
from optiq.kernel.parameters import parameters_of
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

_RECEIPT_BYTES, _RECEIPT_CHARACTERS = 6, 8
"""Of randomness in the receipt of an event, and the characters of base64 that they take."""
_LONG_ID = 30
_OF_PAGE, _OF_SERVER = ("page:", "server:")
_MARKS = (_OF_PAGE, _OF_SERVER, OF_API, ERASED_EVENT)
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_SET_ASIDE = "the time that was sent is before 2000 or more than a day ahead; left out"
# Made once, because json.dumps makes an encoder for each call that wants other than its defaults.
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), check_circular=False)


@dataclass(frozen=True, slots=True)
class Statement:
    """The fields of one event, in one vocabulary for all dialects; "" and None mean: not sent.

    Attributes:
        warnings: what of it could not be read.
        properties_name: what the sender calls the properties.
        undated: it says when the event happened, in a way that cannot be read.
        order: what the properties say of an order, when that was read already.
        passing: `anonymous_id` is one we gave, for a day.
        derived: `event_id` follows from the content, its visitor and time included.
        consent: what the sender says of advertising (kernel/ad_consent.py).
    """

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
    derived: bool = False
    warnings: Sequence[str] = ()
    properties_name: str = "properties"
    undated: bool = False
    order: Order | None = None
    consent: str = ""


def accept(
    statement: Statement,
    sender: Sender,
    delivery: Delivery,
    platform_secret: bytes,
    position: int = 0,
    receipt: str = "",
) -> EventAccepted:
    """The event as the rest of Optiq knows it.

    Args:
        position: its place in its request.
        receipt: names this delivery of it; drawn when "".

    Raises:
        InvalidError: it names nobody, a track event has no name, or a correction of an order cannot be read.
    """
    identities = _identities(statement, sender, platform_secret)
    if not identities:
        raise refusal(f"an event needs an anonymous id or a user id{_not_ids(statement)}", statement.warnings)
    if statement.kind == "TRACK" and not statement.name:
        raise refusal("a track event needs a name", statement.warnings)
    occurred_ms, corrected = happened_at(statement, delivery.received_ms, sender)
    imported = sender.trusted_clock and occurred_ms < delivery.received_ms - IMPORT_AFTER_MS
    if imported and not sender.may_import:
        raise InvalidError("an event of more than 30 days ago needs a token with the scope 'import'")
    warnings = list(statement.warnings)
    if corrected and not _is_plausible(statement.timestamp_ms, delivery.received_ms):
        warnings.append(_SET_ASIDE)
    order = statement.order or _order(statement, warnings)
    properties = compact_json(statement.properties, statement.properties_name, warnings)
    campaign = statement.campaign
    if campaign is None:
        campaign, shortened = read_campaign(statement.url)
        warnings += [f"{name}: shortened to {MAX_CAMPAIGN} characters" for name in shortened]
    if len(statement.url) > LONGEST_CLICK_ID:
        warnings += left_out_ids(statement.url)
    own = _is_own(statement) and (sender.from_server or not statement.event_id.startswith(_MARKS))
    event_id = statement.event_id if own else _event_id(statement, warnings)
    if event_id:
        event_id = _of_sender(event_id, own=own, from_server=sender.from_server)

    return EventAccepted(
        organization_id=sender.organization_id,
        site_id=sender.site_id,
        event_id=event_id or secrets.token_urlsafe(16),
        own_id=own or not event_id,
        from_server=sender.from_server,
        opted_out=delivery.opted_out and not sender.from_server,
        ads=OPTED_OUT if delivery.gpc else statement.consent,
        token_id=sender.token_id,
        position=position,
        receipt=receipt or new_receipts(1)[0],
        digest=statement.digest,
        kind=statement.kind,
        name=statement.name,
        identities=identities,
        session_hint=known_id(statement.session_hint) if statement.session_hint else "",
        occurred_ms=occurred_ms,
        received_ms=delivery.received_ms,
        clock_corrected=corrected or statement.undated,
        url=statement.url,
        referrer=statement.referrer,
        title=statement.title,
        campaign=campaign,
        user_agent=statement.user_agent,
        country=statement.place.country,
        city=statement.place.city,
        value_micros=order.value_micros,
        currency=order.currency,
        order_id=order.order_id,
        products=order.products,
        refund_id=order.refund_id,
        warnings=bounded(warnings) if warnings else (),
        properties=properties,
    )


def left_out_ids(url: str) -> list[str]:
    """A sentence for each click id of an address that is too long to be kept."""
    found = {name for name, value in parameters_of(url) if name in KNOWN and len(value) > LONGEST_CLICK_ID}
    return [f"{name}: longer than {LONGEST_CLICK_ID:,} characters; left out" for name in sorted(found)]


def new_receipts(count: int) -> list[str]:
    """Receipts for the events of a request. They only tell deliveries apart, so none is drawn from the system."""
    drawn = random.randbytes(_RECEIPT_BYTES * count)  # noqa: S311 - whoever guesses one can do nothing with it
    written = binascii.b2a_base64(drawn, newline=False).translate(_URL_SAFE).decode()
    return [written[start : start + _RECEIPT_CHARACTERS] for start in range(0, len(written), _RECEIPT_CHARACTERS)]


def _order(statement: Statement, warnings: list[str]) -> Order:
    """The order the event reports or corrects; the view of a page or screen named "Refund" corrects none."""
    correction = correction_of(statement.name) if statement.kind == "TRACK" else None
    if correction:
        return read_correction(correction, statement.properties, statement.properties_name, warnings)
    return read_order(statement.properties, statement.properties_name, warnings)


def happened_at(statement: Statement, received_ms: int, sender: Sender) -> tuple[int, bool]:
    """When the event happened on our clock, and whether the sender's own word had to be set aside.

    A clock within CLOCK_TOLERANCE_MS of ours is believed as it stands. One further off is corrected by
    received - sent, when `sent` is plausible: not before the event, and not longer after it than a queue lasts.
    What a visitor's browser sent is corrected by that difference to the nearest CLOCK_STEP_MS.
    A server that says nothing usable of when it sent is taken to import history, and believed.
    No event is placed before 2000, where only clocks that were never set are.
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
    if not _is_plausible(occurred_ms, received_ms):
        return received_ms, True
    return occurred_ms, occurred_ms != timestamp_ms


def _is_plausible(instant_ms: int | None, received_ms: int) -> bool:
    return instant_ms is not None and FIRST_MS <= instant_ms <= received_ms + MAX_AHEAD_MS


def digest_of(sent: Mapping[str, Any]) -> str:
    """Names the content of an event, however its keys are ordered: 64 bits, base 64."""
    digest = hashlib.blake2b(canonical_json(sent), digest_size=8).digest()
    return binascii.b2a_base64(digest, newline=False).translate(_URL_SAFE, b"=").decode()


def canonical_json(sent: object) -> bytes:
    """One spelling for one value."""
    return _CANONICAL.encode(sent).encode()


def passing_visitor_id(delivery: Delivery, site_id: str) -> str:
    """A visitor id for one day, for who sends none: from the truncated address (/24 or /48) and the browser."""
    day = utc_day(delivery.received_ms)
    network = network_of(delivery.visitor_ip, ipv4_bits=24, ipv6_bits=48) or delivery.visitor_ip
    return "day-" + digest_of({"day": day, "site": site_id, "network": network, "agent": delivery.user_agent})


def _identities(statement: Statement, sender: Sender, platform_secret: bytes) -> tuple[Identity, ...]:
    """The strongest first: the user, then the device the event happened on, then what else names the person."""
    named: tuple[Identifier, ...] = (
        ("user_id", known_id(statement.user_id)),
        ("passing_id" if statement.passing else "anonymous_id", known_id(statement.anonymous_id)),
        *statement.identifiers,
    )
    return tuple(_identity(platform_secret, sender.organization_id, kind, value) for kind, value in named if value)


# The events of a request mostly name the same visitor.
@lru_cache(maxsize=256)
def _identity(platform_secret: bytes, organization_id: str, kind: IdentityType, value: str) -> Identity:
    hashed = kept_hash(value, kind) or identity_hash(platform_secret, organization_id, kind, value)
    return Identity(type=kind, hash=hashed)


def _not_ids(statement: Statement) -> str:
    given = [value for value in (statement.user_id, statement.anonymous_id) if value]
    return f"; '{given[0][:40]}' names nobody" if given else ""


def _event_id(statement: Statement, warnings: list[str]) -> str:
    """The sender's id of the event, or "" for one that broken senders give to all of theirs."""
    event_id = statement.event_id
    # Most are UUIDs, which need no closer look.
    if not event_id or (len(event_id) > _LONG_ID and "{" not in event_id) or not is_placeholder(event_id):
        return event_id
    warnings.append("the event's id stands for none, so sending the event again counts it again; left out")
    return ""


def _of_sender(event_id: str, *, own: bool, from_server: bool) -> str:
    """The id as it is kept. Everybody may send with a public key, so no page's id is one that a server's can be.

    A page's own id has a dot, after its visitor; its others are marked. So is a server's that looks like either. No
    sender's id is one that the API's can be.
    """
    if from_server:
        looks_alike = "." in event_id or event_id.startswith(_MARKS)
        return f"{_OF_SERVER}{event_id}" if looks_alike else event_id
    return event_id if own else f"{_OF_PAGE}{event_id}"


def _is_own(statement: Statement) -> bool:
    """Whether the id names its visitor, and the event is in that visitor's history and in no other.

    An identify is in its user's history. Sent again for another user, it counts nothing twice.
    """
    visitor, alone = statement.anonymous_id, not statement.user_id or statement.kind == "IDENTIFY"
    return statement.derived or (bool(visitor) and alone and statement.event_id.startswith(f"{visitor}."))
