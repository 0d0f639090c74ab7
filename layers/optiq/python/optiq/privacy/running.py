"""The work of a request: every context that holds personal data counts, or erases, and is asked once more at the end.

Each step may be repeated at any time, and ends with the same result.
"""

import json
import re
from collections import Counter
from collections.abc import Sequence

from optiq.collect import api as collect
from optiq.events.api import event_of
from optiq.journeys import privacy as journeys
from optiq.kernel.clock import DAY_MS, system_clock
from optiq.kernel.person import Mode, Person, personal_contexts
from optiq.kernel.settings import settings
from optiq.kernel.table import put_one
from optiq.ports import wiring
from optiq.privacy.contracts import PersonErased, PersonRequest
from optiq.privacy.records import emptied_job
from optiq.privacy.requests import EXPORT_DAYS, Job, advance, ends_ms, find_request, open_job, seal_job
from optiq.tenancy import api as tenancy

_CUSTOMER = re.compile(r"cus_([0-9A-HJKMNP-TV-Z]{26})")
_IN_FLIGHT = 1.5
"""Longer than readers wait, and than a function may run that read rows before and writes them again."""


def hashes_of(organization_id: str, identifiers: Sequence[str]) -> tuple[str, ...]:
    """The keyed hashes that identifiers may be kept by; a customer's id is one already."""
    found: dict[str, None] = {}
    for text in identifiers:
        customer = _CUSTOMER.fullmatch(text)
        found |= dict.fromkeys([customer[1]] if customer else collect.hashes_of(organization_id, text))
    return tuple(found)


def start(request: PersonRequest) -> None:
    """Raises UpstreamError."""
    said = json.dumps({"organization_id": request.organization_id, "request_id": request.request_id})
    wiring.workflows().start(settings().privacy_machine, f"{request.request_id}-{request.runs}", said)


def begin(organization_id: str, request_id: str) -> tuple[list[str], int]:
    """Looks up whose the identifiers are, once.

    Returns:
        The contexts to be asked, none when it is over; and how many seconds later all is written that somebody read
        before.
    """
    request, now_ms = find_request(organization_id, request_id), system_clock()
    if request.status not in ("VERIFIED", "RUNNING"):
        return [], 0
    if request.status == "VERIFIED":
        job = open_job(request, now_ms)
        if not job.traces:
            traces = journeys.traces_of(organization_id, request.hashes, now_ms)
            put_one(seal_job(request, Job(job.identifiers, traces), ends_ms(now_ms)))
        request = advance(request, status="RUNNING", erased_ms=request.erased_ms or now_ms)
        person = person_of(request, now_ms)
        customers = sum(len(one.customers | one.shared) for one in person.traces)
        before = request.before or _count_rows(person)
        advance(request, customers=customers, before=before)
    return list(personal_contexts()), _pause_seconds(request)


def person_of(request: PersonRequest, now_ms: int) -> Person:
    """Raises ConflictError once the identifiers are gone."""
    job = open_job(request, now_ms)
    sites = tuple(site.site_id for site in tenancy.sites_of(request.organization_id))
    return Person(request.organization_id, job.identifiers, request.hashes, sites, job.traces, request.erased_ms)


def work(organization_id: str, request_id: str, context: str) -> None:
    """What one context does for a request. Raises UpstreamError, and ConflictError for a damaged file of the lake."""
    request = find_request(organization_id, request_id)
    if request.status != "RUNNING" or request.kind == "ACCESS":
        return
    mode: Mode = "ANONYMISE" if request.kind == "ANONYMISE" else "ERASE"
    personal_contexts()[context].erase(person_of(request, system_clock()), mode)


def finish(organization_id: str, request_id: str) -> bool:
    """Asks every context once more; whether all is done. Then the identifiers go, of ACCESS after a week."""
    request, now_ms = find_request(organization_id, request_id), system_clock()
    if request.status != "RUNNING":
        return True
    if request.kind == "ACCESS":
        until_ms = now_ms + EXPORT_DAYS * DAY_MS
        put_one(seal_job(request, open_job(request, now_ms), until_ms))
        advance(request, status="DONE", done_ms=now_ms, export_until_ms=until_ms)
        return True
    left: Counter[str] = Counter()
    person = person_of(request, now_ms)
    for context in personal_contexts().values():
        left.update(context.find(person))
    if any(left.values()):
        return False
    erased = event_of("privacy", organization_id, PersonErased(request_id), now_ms)
    advance(request, events=(erased,), status="DONE", done_ms=now_ms, after=dict(left))
    put_one(emptied_job(organization_id, request_id, now_ms))
    return True


def fail(organization_id: str, request_id: str, reason: str) -> None:
    """Notes what stopped a request: it is VERIFIED again, and goes on when that is said once more."""
    request = find_request(organization_id, request_id)
    if request.status in ("VERIFIED", "RUNNING"):
        advance(request, status="VERIFIED", reason=reason[:500])


def _pause_seconds(request: PersonRequest) -> int:
    return 0 if request.kind == "ACCESS" else round(wiring.lake().readers_ms * _IN_FLIGHT / 1000)


def _count_rows(person: Person) -> dict[str, int]:
    """How many rows an export has of each table."""
    counted: Counter[str] = Counter()
    for context in personal_contexts().values():
        counted.update(table for table, _ in context.export(person))
    return dict(counted)
