"""Errors become rows of the lake and groups in the table.

The rows come first: a crash before the groups leaves those to the next delivery. Each occurrence is claimed by its id
in the transaction that counts it, so it counts once, however often it is delivered or reported.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from optiq.events import api as events
from optiq.events.contracts import Event
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, SECOND_MS, utc_day
from optiq.kernel.errors import UpstreamError, VersionError
from optiq.kernel.table import Put
from optiq.operations.errors.contracts import KEPT_DAYS, ErrorReported, Issue, Occurrence
from optiq.operations.errors.notifying import regression
from optiq.operations.errors.projects import OWN
from optiq.operations.errors.records import claim_of, claimed
from optiq.operations.errors.stores import ISSUES
from optiq.operations.lake import ERRORS
from optiq.ports import wiring
from optiq.store.api import Transaction
from optiq.tenancy import api as tenancy

_RECENT = 10
_AT_ONCE = 90
"""Occurrences counted in one transaction, which has a claim for each."""
_ATTEMPTS = 5


def take_in(reported: Sequence[ErrorReported], now_ms: int) -> None:
    """Takes a batch of the stream in. Errors of sites that are gone are dropped.

    Raises:
        UpstreamError: the batch must be delivered again.
    """
    known: dict[tuple[str, str], bool] = {}
    kept = [one for one in reported if _is_kept(one, now_ms) and _is_known(one, known)]
    _to_lake(kept)
    for issue_id, of_issue in _by_issue(kept).items():
        once = list({one.error_id: one for one in of_issue}.values())
        for start in range(0, len(once), _AT_ONCE):
            _count(issue_id, once[start : start + _AT_ONCE], now_ms)


def _is_kept(error: ErrorReported, now_ms: int) -> bool:
    """Whether it is not so old already that it is to be forgotten."""
    return error.occurred_ms > now_ms - KEPT_DAYS * DAY_MS


def _is_known(error: ErrorReported, known: dict[tuple[str, str], bool]) -> bool:
    site = (error.organization_id, error.site_id)
    if site not in known:
        known[site] = site == (OWN.organization_id, OWN.site_id) or tenancy.site_if_any(*site) is not None
    return known[site]


def _by_issue(errors: Iterable[ErrorReported]) -> dict[str, list[ErrorReported]]:
    found: dict[str, list[ErrorReported]] = defaultdict(list)
    for one in errors:
        found[one.issue_id].append(one)
    return found


def _to_lake(errors: Iterable[ErrorReported]) -> None:
    # What takes reports in has no pyarrow, and this module is behind the same door.
    from optiq.ports.lake_rows import arrow_table, name_of

    by_day: dict[tuple[str, str], list[ErrorReported]] = defaultdict(list)
    for one in errors:
        by_day[one.organization_id, utc_day(one.occurred_ms)].append(one)
    for (organization_id, day), of_day in by_day.items():
        name = name_of("errors", [(one.site_id, one.error_id, one.received_ms) for one in of_day])
        rows = arrow_table(ERRORS, [_row(one) for one in of_day])
        wiring.lake().append(ERRORS.name, organization_id, day, name, rows)


def _row(error: ErrorReported) -> dict[str, object]:
    stack = json.dumps([frame.model_dump() for frame in error.stack])
    same = {name: getattr(error, name) for name in ERRORS.columns if name in ErrorReported.model_fields}
    return same | {"occurred_at": error.occurred_ms, "received_at": error.received_ms, "stack": stack}


def _count(issue_id: str, errors: Sequence[ErrorReported], now_ms: int) -> None:
    organization_id = errors[0].organization_id
    for _ in range(_ATTEMPTS):
        before = ISSUES.find(organization_id, issue_id)
        known = claimed(organization_id, [one.error_id for one in errors], now_ms)
        fresh = sorted((one for one in errors if one.error_id not in known), key=lambda one: one.occurred_ms)
        if not fresh:
            return
        try:
            _counting(before, fresh, now_ms).commit()
        except VersionError:
            continue
        return
    raise UpstreamError("the same errors were counted at the same time", retryable=True)


def _counting(before: Issue | None, fresh: Sequence[ErrorReported], now_ms: int) -> Transaction:
    """What counts them, all or none."""
    first = fresh[0]
    caller = Caller.system(first.organization_id)
    claims: tuple[Put, ...] = tuple(claim_of(first.organization_id, one.error_id, now_ms) for one in fresh)
    if before is None:
        return ISSUES.adding(caller, grown(new_issue(first), fresh)).unaudited() + Transaction(claims)
    ended = before.forget_at * SECOND_MS <= now_ms
    after = grown(replace(new_issue(first), version=before.version) if ended else before, fresh)
    published: tuple[Event, ...] = ()
    if after.regressions > before.regressions:
        published = (events.event_of("operations", first.organization_id, regression(after), now_ms),)
    _, changing = ISSUES.changing(caller, before, after)
    return changing.unaudited() + Transaction(claims, events=published)


def new_issue(error: ErrorReported) -> Issue:
    """A group before its first occurrence is counted."""
    return Issue(
        error.organization_id,
        error.issue_id,
        error.site_id,
        error.environment,
        error.error_type,
        error.message,
        error.source_file,
        error.source_line,
        error.source_column,
        error.caller_name,
        error.route,
        error.error_code,
        error.occurred_ms,
        error.occurred_ms,
        first_release=error.release,
    )


def grown(issue: Issue, fresh: Sequence[ErrorReported]) -> Issue:
    """A group with more occurrences, which come in the order of time. What happened before it was resolved, and is
    told late, is no regression.
    """
    last = fresh[-1]
    occurred = [_occurrence(one) for one in fresh]
    recent = sorted((*issue.recent, *occurred), key=lambda one: one.occurred_ms, reverse=True)[:_RECENT]
    counted = replace(
        issue,
        count=issue.count + len(fresh),
        recent=tuple(recent),
        first_seen_ms=min(issue.first_seen_ms, fresh[0].occurred_ms),
    )
    if last.occurred_ms >= issue.last_seen_ms:
        counted = _as_of(counted, last)
    if issue.status == "RESOLVED" and last.occurred_ms > (issue.resolved_ms or 0):
        return replace(counted, status="OPEN", regressed=True, regressions=issue.regressions + 1)
    return counted


def _as_of(issue: Issue, last: ErrorReported) -> Issue:
    return replace(
        issue,
        last_seen_ms=last.occurred_ms,
        message=last.message,
        source_file=last.source_file,
        source_line=last.source_line,
        source_column=last.source_column,
        caller_name=last.caller_name,
        route=last.route,
        error_code=last.error_code,
        release=last.release,
        stack=json.dumps([frame.model_dump() for frame in last.stack]),
        forget_at=(last.occurred_ms + KEPT_DAYS * DAY_MS) // SECOND_MS,
    )


def _occurrence(error: ErrorReported) -> Occurrence:
    return Occurrence(**{name: getattr(error, name) for name in Occurrence.__dataclass_fields__})
