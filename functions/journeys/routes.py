"""What marketers ask of touches and sessions: whose credit was kept, over HTTP."""

from dataclasses import asdict
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from optiq.journeys import api as journeys
from optiq.kernel.api_resolver import make_resolver, organization_of
from optiq.kernel.http import Event, Response
from pydantic import BaseModel

app = make_resolver()

_SiteId = Annotated[str, Path()]
_From = Annotated[str, Query(alias="from", description="first day, such as 2026-01-01; by default 29 days before `to`")]
_To = Annotated[str, Query(alias="to", description="last day, included; by default today in the site's timezone")]


class CreditKeptDocument(BaseModel):
    """Returns from one payment or sign-in page that made no touch, and the sessions they fell in."""

    referrer: str
    returns: int
    sessions: int


class CreditGuardDocument(BaseModel):
    rows: list[CreditKeptDocument]


@app.get("/v1/sites/<site_id>/credit-guard", summary="Returns that took nobody's credit", tags=["journeys"])
def credit_guard(site_id: _SiteId, from_day: _From = "", to_day: _To = "") -> CreditGuardDocument:
    kept = journeys.credit_kept(organization_of(app), site_id, from_day, to_day)
    return CreditGuardDocument(rows=[CreditKeptDocument(**asdict(row)) for row in kept])


def handler(event: Event, context: Any) -> Response:
    return app.resolve(event, context)
