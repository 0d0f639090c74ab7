"""Privacy: a data protection officer answers one person's request: everything of them, or everything gone, with proof.

Until the officer says that they verified who asks, nothing is looked for: no answer hints that the person exists.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import ConflictError, InvalidError
from optiq.kernel.ids import new_id
from optiq.kernel.paging import Page
from optiq.privacy import exporting, running
from optiq.privacy.contracts import Kind, PersonRequest
from optiq.privacy.records import emptied_job
from optiq.privacy.requests import REQUESTS, Job, ends_ms, find_request, open_job, seal_job
from optiq.store.api import Transaction

__all__ = [
    "PersonRequest",
    "begin",
    "enter_request",
    "export_of",
    "fail",
    "finish",
    "get_request",
    "list_requests",
    "refuse_request",
    "verify_request",
    "work",
]

begin, work, finish, fail = running.begin, running.work, running.finish, running.fail
_MOST_IDENTIFIERS, _LONGEST = 20, 512
_LONGEST_REASON = 500


def enter_request(
    caller: Caller, *, kind: Kind, identifiers: Sequence[str], clock: Clock = system_clock
) -> PersonRequest:
    """Enters what a person asks for. Their identifiers are kept sealed until it is answered, and nowhere else.

    Raises:
        InvalidError: identifiers: none, too many, or one that is no identifier.
    """
    named = tuple(dict.fromkeys(one.strip() for one in identifiers))
    if not 1 <= len(named) <= _MOST_IDENTIFIERS:
        raise InvalidError(f"identifiers: must be 1 to {_MOST_IDENTIFIERS} texts such as ann@shop.example")
    for one in named:
        if len(one) < 3 or len(one) > _LONGEST or not running.hashes_of(caller.organization_id, (one,)):
            raise InvalidError("identifiers: each must be a user id, e-mail, phone number or device id as it was sent")
    now_ms = clock()
    request = PersonRequest(
        caller.organization_id,
        new_id("request", now_ms),
        kind,
        "RECEIVED",
        caller.actor,
        now_ms,
        _a_month_after(now_ms),
        len(named),
    )
    sealed = seal_job(request, Job(named), ends_ms(now_ms))
    (REQUESTS.adding(caller, request, clock=clock) + Transaction((sealed,))).commit()
    return request


def list_requests(caller: Caller, *, limit: int = 50, cursor: str | None = None) -> Page[PersonRequest]:
    """A page of the organization's requests, newest first. Raises InvalidError for another list's cursor."""
    return REQUESTS.page_by_id(caller.organization_id, limit=limit, cursor=cursor, newest_first=True)


def get_request(caller: Caller, request_id: str) -> PersonRequest:
    """Raises NotFoundError."""
    return REQUESTS.get(caller, request_id)


def verify_request(
    caller: Caller, request_id: str, *, expected_version: int | None = None, clock: Clock = system_clock
) -> PersonRequest:
    """Says that the person was verified: the work begins. For one that stopped, it begins again.

    Raises:
        NotFoundError: there is no such request. VersionError: another version than expected.
        ConflictError: it is over or at work, or its identifiers have ended.
        UpstreamError: the work was not started; verify again.
    """
    request, now_ms = REQUESTS.get(caller, request_id), clock()
    REQUESTS.require_version(request, expected_version)
    if request.status not in ("RECEIVED", "VERIFIED"):
        raise ConflictError(f"the request is {request.status} already")
    job = open_job(request, now_ms)
    after = replace(
        request,
        status="VERIFIED",
        verified_ms=request.verified_ms or now_ms,
        verified_by=request.verified_by or caller.actor,
        hashes=running.hashes_of(caller.organization_id, job.identifiers),
        reason="",
        runs=request.runs + 1,
    )
    verified = REQUESTS.change(caller, request, after)
    running.start(verified)
    return verified


def refuse_request(
    caller: Caller,
    request_id: str,
    *,
    reason: str,
    expected_version: int | None = None,
    clock: Clock = system_clock,
) -> PersonRequest:
    """Refuses a request, such as that of somebody who could not be verified. Its identifiers go.

    Raises:
        NotFoundError: there is no such request. VersionError: another version than expected.
        InvalidError: reason: missing or too long. ConflictError: it is over or at work.
    """
    if not 1 <= len(reason.strip()) <= _LONGEST_REASON:
        raise InvalidError(f"reason: must be a text of 1 to {_LONGEST_REASON} characters")
    request = REQUESTS.get(caller, request_id)
    REQUESTS.require_version(request, expected_version)
    if (request.status, request.reason) == ("REFUSED", reason.strip()):
        return request
    if request.status not in ("RECEIVED", "VERIFIED"):
        raise ConflictError(f"the request is {request.status} already")
    refused, transaction = REQUESTS.changing(
        caller, request, replace(request, status="REFUSED", reason=reason.strip(), done_ms=clock(), hashes=())
    )
    emptied = emptied_job(caller.organization_id, request_id, clock())
    (transaction + Transaction((emptied,))).commit()
    return refused


def export_of(caller: Caller, request_id: str, *, clock: Clock = system_clock) -> bytes:
    """A ZIP of what is kept of the person: a page to read, and a file of JSON Lines for each table.

    Raises:
        NotFoundError: there is no such request. ConflictError: it asks for no data, is not done, or its week is over.
    """
    request, now_ms = REQUESTS.get(caller, request_id), clock()
    if request.kind != "ACCESS" or request.status != "DONE":
        raise ConflictError("the request has no data to download: it must ask for ACCESS and be DONE")
    if now_ms >= request.export_until_ms:
        raise ConflictError("the data could be downloaded for 7 days: enter the request again")
    return exporting.zip_of(running.person_of(find_request(caller.organization_id, request_id), now_ms), request)


def _a_month_after(now_ms: int) -> int:
    """The same day of the next month, or its last: Art. 12 (3) GDPR."""
    day = datetime.fromtimestamp(now_ms / 1000, UTC)
    year, month = day.year + day.month // 12, day.month % 12 + 1
    due = day.replace(year=year, month=month, day=min(day.day, monthrange(year, month)[1]))
    return round(due.timestamp() * 1000)
