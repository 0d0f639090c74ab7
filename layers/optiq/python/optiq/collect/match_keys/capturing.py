"""Captures the match keys of events whose visitors let advertising platforms have them: hashed and sealed at once.

Only a site with feedback on has them captured: of its conversions, and of events that name the visitor. To know that,
the site is read, at most once in half a minute. While the table does not answer, keys go sealed to the consumer, which
knows the site and drops what it does not want; so no table is needed to take events in.
"""

from collections.abc import Callable, Mapping
from typing import Any

from optiq.collect.identities import email_address, phone_number
from optiq.collect.match_keys.captured import CONTACT, Name, digest_of, seal
from optiq.collect.match_keys.finding import Person, names_somebody
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
from optiq.kernel.events import EventAccepted, MatchKeysTaken
from optiq.kernel.table import TableError, is_outage
from optiq.tenancy import api as tenancy

_OF_THE_MOMENT: frozenset[Name] = frozenset({"ip", "user_agent", "page_url"})
"""What changes from visit to visit, and is no reason to keep a visitor's keys anew."""


class Capturing:
    """Captures for the events of one request."""

    def __init__(self, organization_id: str, site_id: str, platform_secret: bytes) -> None:
        self._secret = platform_secret
        self._goals = _goals(organization_id, site_id)

    def of(
        self,
        event: EventAccepted,
        sent: Mapping[str, Any],
        person_of: Callable[[Mapping[str, Any]], Person],
        subject_of: Callable[[EventAccepted], str],
    ) -> MatchKeysTaken | None:
        """The keys of an event, sealed; None where its site does not want them, or there are none.

        A visitor who is known for a day only may be several people, so nobody knows what they consent to.

        Args:
            person_of: what it says of its buyer, as it came. subject_of: the keyed hash of its visitor.
        """
        if self._goals is None:
            return None
        goal = event.name in self._goals if self._goals else event.kind == "TRACK"
        if not (goal or names_somebody(sent)) or any(one.type == "passing_id" for one in event.identities):
            return None
        captured = captured_of(person_of(sent))
        contact = not CONTACT.isdisjoint(captured)
        if not captured or not (goal or contact):
            return None
        return self._taken(event, captured, subject_of(event), goal=goal, contact=contact)

    def _taken(
        self, event: EventAccepted, captured: dict[Name, str], subject: str, *, goal: bool, contact: bool
    ) -> MatchKeysTaken:
        digest = ""
        if contact:
            lasting = {name: value for name, value in captured.items() if name not in _OF_THE_MOMENT}
            digest = digest_of(self._secret, event.organization_id, lasting)
        if event.url:
            captured["page_url"] = event.url
        return MatchKeysTaken(
            organization_id=event.organization_id,
            site_id=event.site_id,
            event_id=event.event_id,
            subject=subject,
            goal=goal,
            contact=contact,
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
