"""Requests and their work: who asked for what, and where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from optiq.audit.contracts import Json
from optiq.events.contracts import Event
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS
from optiq.kernel.errors import ConflictError
from optiq.kernel.person import Traces
from optiq.kernel.table import Put
from optiq.privacy import keys
from optiq.privacy.contracts import PersonRequest
from optiq.privacy.records import job_of, job_put
from optiq.store.api import Store, Transaction, audited_fields

KEPT_DAYS = 90
"""The identifiers of a request that nobody verifies, refuses or runs end after so long."""
EXPORT_DAYS = 7
_UNAUDITED = ("hashes", "before", "after")


def _audited(request: PersonRequest) -> dict[str, Json]:
    return {name: value for name, value in audited_fields(request).items() if name not in _UNAUDITED}


REQUESTS = Store(PersonRequest, "privacy request", keys.request, audited=_audited)


@dataclass(frozen=True, slots=True)
class Job:
    """Attributes:
    identifiers: as they were given. traces: what they led to when the request began to run.
    """

    identifiers: tuple[str, ...]
    traces: tuple[Traces, ...] = ()


_JOB = TypeAdapter(Job)


def seal_job(request: PersonRequest, job: Job, ends_ms: int) -> Put:
    """What writes the work of a request."""
    return job_put(request.organization_id, request.request_id, _JOB.dump_json(job), ends_ms)


def open_job(request: PersonRequest, now_ms: int) -> Job:
    """Raises ConflictError once it is over."""
    content = job_of(request.organization_id, request.request_id, now_ms)
    if content is None:
        raise ConflictError("the identifiers of this request are gone: enter it again")
    return _JOB.validate_json(content)


def find_request(organization_id: str, request_id: str) -> PersonRequest:
    return REQUESTS.get(Caller.system(organization_id), request_id)


def advance(request: PersonRequest, *, events: Sequence[Event] = (), **changes: object) -> PersonRequest:
    """Notes a step of the work; the audit log gets the change of its status.

    Args:
        events: published with it.
    """
    after = replace(request, **changes)  # type: ignore[arg-type]
    if after == request:
        return request
    caller = Caller.system(request.organization_id)
    changed, transaction = REQUESTS.changing(caller, request, after)
    transaction += Transaction(events=tuple(events))
    (transaction if after.status != request.status else transaction.unaudited()).commit()
    return changed


def ends_ms(now_ms: int) -> int:
    return now_ms + KEPT_DAYS * DAY_MS
