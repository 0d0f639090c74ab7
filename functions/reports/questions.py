"""Questions over HTTP: one grammar for every table, series and tile."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body
from optiq.identity.people.api import caller_of
from optiq.kernel.schemas import SiteId
from optiq.reports.questions import api as questions

from functions.reports.app import app
from functions.reports.schemas_questions import AnswerOut, CatalogueOut, QuestionIn


@app.post(
    "/v1/sites/{site_id}/query",
    needs="reports:read",
    keyless_because="it changes nothing",
    heavy=True,
    summary="Metrics by dimensions, filtered, compared",
)
def query(site_id: SiteId, body: Annotated[QuestionIn, Body()]) -> AnswerOut:
    return AnswerOut.of(questions.ask(caller_of(app), site_id, body.ask()))


@app.get("/v1/questions/catalogue", personal=True, summary="The metrics and dimensions that can be asked for")
def catalogue() -> CatalogueOut:
    return CatalogueOut.of(questions.CATALOGUE)
