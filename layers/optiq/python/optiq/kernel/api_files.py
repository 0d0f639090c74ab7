"""Routes that answer with a file."""

from base64 import b64decode, b64encode
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import ApiGatewayResolver, Response
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware


def as_bytes(resolver: ApiGatewayResolver, following: NextMiddleware) -> Response[Any]:
    """A middleware of such a route. Powertools takes bytes of a route for a text, and checks them as one."""
    response: Response[Any] = following(resolver)
    if response.status_code == HTTPStatus.OK:
        response.body = b64decode(str(response.body))
    return response


def file_of(content: bytes, kind: str, name: str) -> Response[str]:
    """A file to be saved under a name, as a route with `as_bytes` answers it. `kind` is its media type."""
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(200, kind, b64encode(content).decode(), headers)


def says_file(kind: str) -> dict[int, Any]:
    """What OpenAPI says of the answer."""
    content = {kind: {"schema": {"type": "string", "format": "binary"}}}
    return {HTTPStatus.OK: {"description": "The file", "content": content}}
