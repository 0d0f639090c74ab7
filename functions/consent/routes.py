"""Consent over HTTP."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path
from optiq.consent import api as consent
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import make_resolver
from optiq.kernel.schemas import SiteId

from functions.consent.schemas import ConsentHistoryOut

app = make_resolver("consent")


@app.get(
    "/v1/sites/{site_id}/customers/{customer_id}/consent",
    needs="consent:read",
    summary="What a customer said of advertising, and what holds now",
)
def get_consent(
    site_id: SiteId,
    customer_id: Annotated[str, Path(description="id of the customer, or of any identifier of theirs")],
) -> ConsentHistoryOut:
    return ConsentHistoryOut.model_validate(consent.history(caller_of(app), site_id, customer_id))


handler = app
