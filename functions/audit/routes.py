"""The organization's audit log: who did what, to what, from where."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Query
from optiq.audit import api as audit
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import Cursor, make_resolver
from optiq.kernel.schemas import InstantIn, Limit, OrNull

from functions.audit.schemas import AuditEntriesOut, VerificationOut

app = make_resolver("audit")


@app.get("/v1/audit", needs="audit:read", summary="What was done, newest first")
def list_entries(
    actor: Annotated[str, Query(max_length=100, description="only what this user or key did")] = "",
    entity: Annotated[str, Query(max_length=100, description="only what was done to the thing with this id")] = "",
    since: Annotated[InstantIn | None, OrNull, Query(description="only what was done then or later")] = None,
    until: Annotated[InstantIn | None, OrNull, Query(description="only what was done before that")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> AuditEntriesOut:
    asked: dict[str, Any] = {
        "actor": actor,
        "since_ms": since or 0,
        "until_ms": until,
        "limit": limit,
        "cursor": cursor,
    }
    log = caller_of(app).organization_id
    page = audit.entries_of_entity(log, entity, **asked) if entity else audit.entries(log, **asked)
    return AuditEntriesOut.model_validate(page)


@app.get(
    "/v1/audit/verify",
    needs="audit:read",
    heavy=True,
    summary="Check that nothing was edited, deleted or reordered",
)
def verify() -> VerificationOut:
    return VerificationOut.model_validate(audit.verify(caller_of(app).organization_id))


handler = app
