"""The organization's book: who did what, to what, from where."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Query
from optiq.audit import api as audit
from optiq.kernel.api_resolver import make_resolver, organization_of
from optiq.kernel.clock import from_rfc3339

from functions.audit.payloads import BookCheckDocument, EntriesDocument

app = make_resolver("audit")

_Instant = Annotated[str | None, Query(examples=["2026-01-31T00:00:00Z"])]


@app.get("/v1/audit", needs="audit:read", summary="What was done, newest first")
def list_entries(
    actor: Annotated[str, Query(max_length=100, description="only what this person or key did")] = "",
    entity: Annotated[str, Query(max_length=100, description="only what was done to this")] = "",
    since: _Instant = None,
    until: _Instant = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[int | None, Query(ge=1, description="`cursor` of the page before")] = None,
) -> EntriesDocument:
    asked: dict[str, Any] = {
        "actor": actor,
        "since_ms": from_rfc3339(since) if since else 0,
        "until_ms": from_rfc3339(until) if until else None,
        "limit": limit,
        "cursor": cursor,
    }
    book = organization_of(app)
    return EntriesDocument.of(
        audit.entries_of_entity(book, entity, **asked) if entity else audit.entries(book, **asked)
    )


@app.get(
    "/v1/audit/verify",
    needs="audit:read",
    heavy=True,
    summary="Check that nothing was edited, deleted or reordered",
)
def verify() -> BookCheckDocument:
    return BookCheckDocument.of(audit.verify(organization_of(app)))


handler = app
