"""What may be sent of a conversion, and the keys for it."""

from collections.abc import Iterator, Sequence
from itertools import islice

from optiq.collect.match_keys import api as collected
from optiq.consent import api as consent
from optiq.feedback.match_keys import keys
from optiq.feedback.match_keys.contracts import Match, MatchKeys
from optiq.feedback.match_keys.records import MatchKeysRecord
from optiq.journeys import api as journeys
from optiq.journeys.contracts import Conversion
from optiq.kernel.clock import DAY_MS
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import Site

MOST_SUBJECTS = 50
"""Identifiers of a person that are looked at; a person may have 500, and one who buys has two or three."""
_MOST_EVENTS = 10
"""Reports of a conversion by one identifier."""


def read(organization_id: str, site_id: str, conversion_id: str, now_ms: int) -> Match:
    """See `api.read`."""
    site = tenancy.get_site(organization_id, site_id)
    conversion = journeys.get_conversion(organization_id, site_id, conversion_id)
    subjects = journeys.person_hashes(organization_id, site_id, conversion.customer_id)[:MOST_SUBJECTS]
    standing = consent.standing(organization_id, site_id, subjects)
    found, site_off = None, site.conversion_feedback != "ON"
    if standing.ad_user_data == "GRANTED" and not site_off:
        found = _keys(site, subjects, conversion, now_ms)
    return Match(standing.ad_user_data, standing.ad_personalization, standing.gpc, site_off, found)


def _keys(site: Site, subjects: Sequence[str], conversion: Conversion, now_ms: int) -> MatchKeys | None:
    begun_ms = now_ms - site.match_key_days * DAY_MS
    of_goal = [record for subject in subjects for record in _of_goal(site, subject, conversion)]
    of_person = _of_person(site, subjects)
    standing = [
        record
        for part in (of_goal, of_person)
        for record in sorted(part, key=lambda one: -int(one.taken_ms))
        if record.sealed and int(record.taken_ms) > begun_ms and not record.has_ended(now_ms)
    ]
    if not standing:
        return None
    taken_ms = max(int(record.taken_ms) for record in standing)
    sealed = [(record.event_id, record.sealed) for record in standing]
    return collected.open_keys(site.organization_id, site.site_id, sealed, taken_ms)


def _of_goal(site: Site, subject: str, conversion: Conversion) -> Iterator[MatchKeysRecord]:
    place = (site.organization_id, site.site_id, subject)
    start = keys.of_goal(*place, conversion.order_id, conversion.event_id)
    found = MatchKeysRecord.query(
        start.pk, MatchKeysRecord.sk.startswith(start.sk), consistent_read=True, limit=_MOST_EVENTS
    )
    return islice(found, _MOST_EVENTS)


def _of_person(site: Site, subjects: Sequence[str]) -> list[MatchKeysRecord]:
    wanted = [tuple(keys.of_person(site.organization_id, site.site_id, subject)) for subject in subjects]
    return list(MatchKeysRecord.batch_get(wanted, consistent_read=True))
