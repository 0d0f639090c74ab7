"""API Gateway has one route for all methods of a guarded path, and one for HEAD of an open path.

Handlers know the routes that they declare. Here a request gets the key of that route.
"""

from collections.abc import Callable, Mapping
from typing import Any

from optiq.kernel.http import method_not_allowed
from optiq.kernel.routes import Route, methods_of, route_for, routes_of

_Handler = Callable[[Any, Any], Any]


def by_declared_route(handler: _Handler) -> _Handler:
    """The handler, asked by the route that it declares.

    GET answers HEAD, without its body. A method that the path does not have is 405.
    """
    declared: dict[str, dict[str, Route]] = {}
    for route in routes_of(handler):
        declared.setdefault(route.path, {})[route.method] = route

    def call(event: Any, context: Any) -> Any:
        key = str(event.get("routeKey", "")) if isinstance(event, Mapping) else ""
        of_path = declared.get(key.partition(" ")[2])
        if of_path is None:
            return handler(event, context)
        method = event["requestContext"]["http"]["method"]
        route = route_for(method, of_path)
        if route is None:
            return method_not_allowed(methods_of(of_path))
        answer = handler(event if key == route.key else _as_asked(event, route), context)
        return answer if method == route.method else {**answer, "body": "", "isBase64Encoded": False}

    return call


def _as_asked(event: Mapping[str, Any], route: Route) -> Mapping[str, Any]:
    """The request as API Gateway hands it on where the route itself is deployed."""
    asked = event["requestContext"]
    http = {**asked["http"], "method": route.method}
    return {**event, "routeKey": route.key, "requestContext": {**asked, "routeKey": route.key, "http": http}}
