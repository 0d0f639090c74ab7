"""Captures the match keys of events whose visitors let advertising platforms have them: hashed and sealed at once.

Only a site with feedback on has them captured: of its conversions, and of events that name the visitor. To know that,
the site is read, at most once in half a minute. While the table does not answer, keys go sealed to the consumer, which
knows the site and drops what it does not want; so no table is needed to take events in.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from optiq.collect.identities import email_address, phone_number
from optiq.collect.match_keys.captured import CONTACT, Name, digest_of, seal
from optiq.collect.match_keys.finding import PLACES, Person, names_somebody
from optiq.collect.match_keys.hashing import (
    country,
    google_email,
    meta_phone,
    meta_place,
    meta_postal_code,
    name,
    packed,
    packed_hash,
    plain_email,
)
from optiq.kernel.events import EventAccepted, MatchKeysTaken
from optiq.kernel.table import TableError, is_outage
from optiq.tenancy import api as tenancy

_OF_THE_MOMENT: frozenset[Name] = frozenset({"ip", "user_agent", "page_url"})
"""What changes from visit to visit, and is no reason to keep a visitor's keys anew."""


@dataclass(frozen=True, slots=True, repr=False)
class _Found:
    """The keys of an event, hashed; or of two, of which `event` is the one that reports a conversion."""

    event: EventAccepted
    subject: str
    captured: dict[Name, str]
    goal: bool
    contact: bool


def capture(
    events: Sequence[tuple[EventAccepted, Mapping[str, Any]]],
    person_of: Callable[[Mapping[str, Any]], Person],
    subject_of: Callable[[EventAccepted], str],
    platform_secret: bytes,
) -> list[MatchKeysTaken]:
    """The keys of events of one request, sealed; none where their site does not want them.

    A page that sells often names its buyer, too. Both events say the same of them, so both are sealed at once.

    Args:
        events: of one site, each with what was sent; those whose visitors let platforms have data of theirs.
        person_of: what an event says of its buyer, as it came. subject_of: the keyed hash of its visitor.
    """
    site = events[0][0]
    goals = _goals(site.organization_id, site.site_id)
    if goals is None:
        return []
    latest: dict[str, _Found] = {}
    complete: list[_Found] = []
    for event, sent in events:
        goal = event.name in goals if goals else event.kind == "TRACK"
        if (goal or names_somebody(sent)) and (found := _found(event, subject_of(event), person_of(sent), goal=goal)):
            before = latest.get(found.subject)
            both = _both(before, found) if before else None
            if before and not both:
                complete.append(before)
            latest[found.subject] = both or found
    return [_taken(one, platform_secret) for one in (*complete, *latest.values())]


def _found(event: EventAccepted, subject: str, person: Person, *, goal: bool) -> _Found | None:
    """A visitor who is known for a day only may be several people, so nobody knows what they consent to."""
    if any(one.type == "passing_id" for one in event.identities):
        return None
    captured = captured_of(person)
    contact = not CONTACT.isdisjoint(captured)
    return _Found(event, subject, captured, goal, contact) if captured and (goal or contact) else None


def _both(first: _Found, second: _Found) -> _Found | None:
    """Two of one visitor in one; None where they differ in anything, or both report a conversion."""
    if first.goal and second.goal:
        return None
    if any(first.captured.get(name, value) != value for name, value in second.captured.items()):
        return None
    event, captured = second.event if second.goal else first.event, first.captured | second.captured
    return _Found(event, first.subject, captured, first.goal or second.goal, first.contact or second.contact)


def _taken(found: _Found, platform_secret: bytes) -> MatchKeysTaken:
    event, captured, digest = found.event, found.captured, ""
    if found.contact:
        lasting = {name: value for name, value in captured.items() if name not in _OF_THE_MOMENT}
        digest = digest_of(platform_secret, event.organization_id, lasting)
    if event.url:
        captured["page_url"] = event.url
    return MatchKeysTaken(
        organization_id=event.organization_id,
        site_id=event.site_id,
        event_id=event.event_id,
        subject=found.subject,
        goal=found.goal,
        contact=found.contact,
        order_id=event.order_id,
        opted_out=event.opted_out,
        received_ms=event.received_ms,
        digest=digest,
        sealed=seal(event.organization_id, event.site_id, event.event_id, captured),
    )


def _goals(organization_id: str, site_id: str) -> tuple[str, ...] | None:
    """The site's conversions; None where it wants no keys, () where that cannot be known now."""
    try:
        site = tenancy.site_if_any(organization_id, site_id)
    except TableError as error:
        if not is_outage(error):
            raise
        return ()
    return site.conversion_events if site and site.conversion_feedback == "ON" else None


def captured_of(person: Person) -> dict[Name, str]:
    """What each platform takes of it, hashed by that platform's rule and packed."""
    found: dict[Name, str] = {
        "fbc": person.fbc,
        "fbp": person.fbp,
        "ttp": person.ttp,
        "ip": person.ip,
        "user_agent": person.user_agent,
        "external_id": packed_hash(person.external_id) or packed(person.external_id),
    }
    if person.traits:
        found |= _of_contact(person.traits) | _of_place(person.traits)
    return {name: value for name, value in found.items() if value}


def _of_contact(traits: Mapping[str, str]) -> dict[Name, str]:
    mail, phone, given, family = (traits.get(one, "") for one in ("email", "phone", "given", "family"))
    email, number = email_address(mail), phone_number(phone)
    of_google = google_email(email)
    return {
        "email": packed_hash(mail) or packed(plain_email(email)),
        "google_email": packed(of_google) if of_google != email else "",
        "phone": packed_hash(phone) or packed(number),
        # A hash of Google's form, with the plus, is another than Meta's.
        "meta_phone": packed(meta_phone(number)),
        "given": packed_hash(given) or packed(name(given)),
        "family": packed_hash(family) or packed(name(family)),
    }


def _of_place(traits: Mapping[str, str]) -> dict[Name, str]:
    if PLACES.isdisjoint(traits):
        return {}
    city, region, postal = (traits.get(one, "") for one in ("city", "region", "postal"))
    letters = country(traits.get("country", ""))
    return {
        "city": packed(meta_place(city)),
        "state": packed(meta_place(region)),
        "postal": packed(meta_postal_code(postal)),
        "country": packed(letters),
        "region_plain": region,
        "postal_plain": postal,
        "country_plain": letters.upper(),
    }
