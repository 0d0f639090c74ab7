"""Takes envelopes in. No key is looked up: it is only a signature to check. The errors go onto the stream."""

import json
import math
from collections.abc import Sequence
from functools import lru_cache

from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.compressed_bodies import plain
from optiq.kernel.errors import LimitExceededError
from optiq.kernel.limits import Buckets, Limit
from optiq.operations.errors import projects
from optiq.operations.errors.contracts import ErrorReported
from optiq.operations.errors.envelopes import events_in
from optiq.operations.errors.reading import error_of
from optiq.operations.settings import api as settings
from optiq.ports import wiring
from optiq.ports.stream import Record

MOST_BYTES = 1_000_000


@lru_cache(maxsize=1)
def limits(per_second: int, burst: int) -> Limit:
    """What each project may report, in this process; a change of the settings begins anew."""
    return Limit(Buckets(per_second, burst))


def receive(key: str, number: str, body: bytes, encoding: str, clock: Clock = system_clock) -> Sequence[str]:
    """Takes an envelope in; the ids of its errors.

    Args:
        key, number: of the project. encoding: the header `content-encoding`.

    Raises:
        UnauthenticatedError: it names no project. LimitExceededError: the project reports too much; nothing is kept.
        TooLargeError, InvalidError: the body cannot be read. UpstreamError: nothing is kept; send it again.
    """
    project = projects.project_of(wiring.platform_secret(), key, number)
    _take(key, 1)
    found = events_in(plain(body, encoding, MOST_BYTES))
    _take(key, len(found) - 1)
    received_ms = clock()
    errors = [error_of(project, event, received_ms) for event in found]
    if errors:
        wiring.stream().put([_record(one) for one in errors])
    return [one.error_id for one in errors]


def _take(key: str, errors: int) -> None:
    """Counts errors of a project: the first before the body is read, so that reading is limited too.

    Raises LimitExceededError.
    """
    per_second = settings.number_of("errors.per_second")
    limit = limits(per_second, settings.number_of("errors.burst"))
    if errors > 0 and (wait_seconds := limit.take(key, errors)):
        raise LimitExceededError(
            f"this project reports more than {per_second} errors a second; nothing of this request was kept",
            retry_after_seconds=math.ceil(wait_seconds),
        )


def _record(error: ErrorReported) -> Record:
    data = json.dumps(error.model_dump(), separators=(",", ":")).encode()
    # The errors of a group are counted one after the other.
    return Record(f"error:{error.issue_id}", error.type, data, error.organization_id)
