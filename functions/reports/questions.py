"""Questions over HTTP: one grammar for every table, series and tile."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.api_gateway import ApiGatewayResolver, Response
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware
from aws_lambda_powertools.event_handler.openapi.params import Body
from optiq.identity.people.api import caller_of
from optiq.kernel.schemas import SiteId
from optiq.reports.questions import api as questions
from optiq.reports.questions.api import Format, exported

from functions.reports.app import app
from functions.reports.schemas_questions import AnswerOut, CatalogueOut, ExportIn, QuestionIn

_CONTENT_TYPES: Mapping[Format, str] = {
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}


def _as_bytes(resolver: ApiGatewayResolver, following: NextMiddleware) -> Response[Any]:
    """The file itself: Powertools takes bytes of a route for a text, and checks them as one."""
    response: Response[Any] = following(resolver)
    if response.status_code == HTTPStatus.OK:
        response.body = b64decode(str(response.body))
    return response


@app.post(
    "/v1/sites/{site_id}/query",
    needs="reports:read",
    keyless_because="it changes nothing",
    heavy=True,
    summary="Metrics by dimensions, filtered, compared",
)
def query(site_id: SiteId, body: Annotated[QuestionIn, Body()]) -> AnswerOut:
    return AnswerOut.of(questions.ask(caller_of(app), site_id, body.ask()))


@app.post(
    "/v1/sites/{site_id}/query/export",
    needs="reports:read",
    keyless_because="it changes nothing",
    heavy=True,
    summary="The rows of a question as a file: CSV or Parquet",
    middlewares=[_as_bytes],
    responses={
        HTTPStatus.OK: {
            "description": "The file",
            "content": {kind.partition(";")[0]: {"schema": {"type": "string"}} for kind in _CONTENT_TYPES.values()},
        }
    },
)
def export(site_id: SiteId, body: Annotated[ExportIn, Body()]) -> Response[str]:
    found = questions.ask(caller_of(app), site_id, body.ask())
    content = exported(found, body.format, bom=body.bom)
    name = f"{site_id}_{found.period.from_day}_{found.period.to_day}.{body.format}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(200, _CONTENT_TYPES[body.format], b64encode(content).decode(), headers)


@app.get(
    "/v1/sites/{site_id}/questions/catalogue",
    needs="reports:read",
    summary="The metrics and dimensions that can be asked of a site, its own among them",
)
def catalogue_of_site(site_id: SiteId) -> CatalogueOut:
    return CatalogueOut.of(questions.catalogue_of(caller_of(app), site_id))


@app.get("/v1/questions/catalogue", any_key=True, summary="The metrics and dimensions that can be asked for")
def catalogue() -> CatalogueOut:
    return CatalogueOut.of(questions.CATALOGUE)
