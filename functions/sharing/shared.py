"""What a share link shows, for whoever has it. A function of its own: it may write nothing but that a link was used."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler.api_gateway import ApiGatewayResolver, Response
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware
from aws_lambda_powertools.event_handler.openapi.params import Body
from optiq.kernel.api_resolver import make_resolver
from optiq.sharing.shares import api as shares

from functions.sharing.schemas_shares import SharedAskIn, SharedOut

app = make_resolver("sharing")
_HEADERS = {
    "content-security-policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow",
}


def _unlisted(resolver: ApiGatewayResolver, following: NextMiddleware) -> Response[Any]:
    response: Response[Any] = following(resolver)
    response.headers.update(_HEADERS)
    return response


@app.post(
    "/v1/shared/query",
    open_because="whoever has a share link may read what it shows",
    keyless_because="it changes nothing",
    heavy=True,
    summary="What a share link shows",
    middlewares=[_unlisted],
)
def query_shared(body: Annotated[SharedAskIn, Body()]) -> SharedOut:
    ip = str(app.current_event.raw_event["requestContext"]["http"].get("sourceIp", ""))
    return SharedOut.of(shares.open_share(body.token, ip))


handler = app
