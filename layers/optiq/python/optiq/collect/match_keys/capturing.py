"""Captures the match keys of an event whose visitor lets advertising platforms have them: hashed and sealed at once.

Only a site with feedback on has them captured: of its conversions, and of events that name the visitor. To know that,
the site is read, at most once in half a minute. While the table does not answer, keys go sealed to the consumer, which
knows the site and drops what it does not want; so no table is needed to take events in.
"""

from optiq.collect.identities import email_address, phone_number
from optiq.collect.match_keys.captured import CONTACT, Name, digest_of, seal
from optiq.collect.match_keys.finding import Person
from optiq.collect.match_keys.hashing import (
    country,
    google_email,
    hashed_already,
    meta_phone,
    meta_place,
    meta_postal_code,
    name,
    plain_email,
    sha256,
)
from optiq.kernel.errors import NotFoundError, UpstreamError
from optiq.kernel.events import EventAccepted, MatchKeysTaken
from optiq.kernel.table import table_outages
from optiq.tenancy import api as tenancy

_OF_THE_MOMENT: frozenset[Name] = frozenset({"ip", "user_agent", "page_url"})
"""What changes from visit to visit, and is no reason to keep a visitor's keys anew."""


def capture(event: EventAccepted, person: Person, subject: str, platform_secret: bytes) -> MatchKeysTaken | None:
    """The keys of an event, sealed; None where its site does not want them, or there are none.

    Args:
        subject: the keyed hash of its visitor.
    """
    goals = _goals(event)
    if goals is None:
        return None
    goal = event.name in goals if goals else event.kind == "TRACK"
    captured = captured_of(person)
    contact = not CONTACT.isdisjoint(captured)
    if not captured or not (goal or contact):
        return None
    lasting = {name: value for name, value in captured.items() if name not in _OF_THE_MOMENT}
    if event.url:
        captured["page_url"] = event.url
    ids = (event.organization_id, event.site_id)
    return MatchKeysTaken(
        organization_id=event.organization_id,
        site_id=event.site_id,
        event_id=event.event_id,
        subject=subject,
        passing=any(identity.type == "passing_id" for identity in event.identities),
        goal=goal,
        contact=contact,
        order_id=event.order_id,
        opted_out=event.opted_out,
        received_ms=event.received_ms,
        digest=digest_of(platform_secret, event.organization_id, lasting),
        sealed=seal(*ids, event.event_id, captured),
    )


def _goals(event: EventAccepted) -> tuple[str, ...] | None:
    """The site's conversions; None where it wants no keys, () where that cannot be known now."""
    try:
        with table_outages():
            site = tenancy.get_site(event.organization_id, event.site_id)
    except NotFoundError:
        return None
    except UpstreamError:
        return ()
    return site.conversion_events if site.conversion_feedback == "ON" else None


def captured_of(person: Person) -> dict[Name, str]:
    """What each platform takes of it, hashed by that platform's rule."""
    found = _of_contact(person) | _of_place(person)
    for cookie in ("fbc", "fbp", "ttp", "ip", "user_agent"):
        found[cookie] = getattr(person, cookie)
    found["external_id"] = hashed_already(person.external_id) or sha256(person.external_id)
    return {name: value for name, value in found.items() if value}


def _of_contact(person: Person) -> dict[Name, str]:
    email, number = email_address(person.email), phone_number(person.phone)
    of_google = google_email(email)
    return {
        "email": hashed_already(person.email) or sha256(plain_email(email)),
        "google_email": sha256(of_google) if of_google != email else "",
        "phone": hashed_already(person.phone) or sha256(number),
        # A hash of Google's form, with the plus, is another than Meta's.
        "meta_phone": sha256(meta_phone(number)),
        "given": hashed_already(person.given) or sha256(name(person.given)),
        "family": hashed_already(person.family) or sha256(name(person.family)),
    }


def _of_place(person: Person) -> dict[Name, str]:
    letters = country(person.country)
    return {
        "city": sha256(meta_place(person.city)),
        "state": sha256(meta_place(person.region)),
        "postal": sha256(meta_postal_code(person.postal)),
        "country": sha256(letters),
        "region_plain": person.region,
        "postal_plain": person.postal,
        "country_plain": letters.upper(),
    }
