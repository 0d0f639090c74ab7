"""Management routes: one resolver a context, whose every error is a problem document.

They are behind the authorizer, which passes on the caller and what they may do. Here each route's permission is
required of them.
"""

import json
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Protocol, TypeVar

from aws_lambda_powertools.event_handler.api_gateway import ResponseBuilder, Route
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestUnsupportedContentType, RequestValidationError
from aws_lambda_powertools.event_handler.openapi.params import Query

from optiq.kernel import quotas
from optiq.kernel.api_errors import as_bad_request, as_not_found, as_outage, as_problem, as_unreadable
from optiq.kernel.errors import ForbiddenError, InvalidError, OptiqError, UnauthenticatedError
from optiq.kernel.http import authorized, problem
from optiq.kernel.permissions import permissions_of
from optiq.kernel.query_parameters import wrong_query
from optiq.kernel.routes import Method
from optiq.kernel.routes import Route as DeclaredRoute
from optiq.kernel.side_by_side import SideBySideResolver
from optiq.kernel.strict_json import read_json
from optiq.kernel.table import TableError
from optiq.kernel.versions import Versions, expecting, tagged, versions_of

_KEY = "idempotency-key"
_ALWAYS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
_NO_ORGANIZATION = (
    "an organization, and none is chosen: GET /v1/organizations lists yours, "
    "POST /v1/organizations/{organization_id}/switch enters one"
)

Cursor = Annotated[str | None, Query(max_length=1_000, description="`cursor` of the page before")]
"""The query parameter of every list that comes in pages (optiq.kernel.paging)."""

_Function = TypeVar("_Function", bound=Callable[..., Any])


class _Decorator(Protocol):
    def __call__(self, function: _Function, /) -> _Function: ...


class ManagementResolver(SideBySideResolver):
    """Answers a request by its route, or with a problem document. Safe to share between threads.

    It is a Lambda handler itself. A route is declared with its path as API Gateway writes it, what `Route` needs to
    know of it, and what Powertools knows: `@app.get("/v1/sites/{site_id}", needs="sites:read", summary="One site")`.
    """

    def __init__(self, *, tag: str, **options: Any) -> None:
        super().__init__(**options)
        self.routes: list[DeclaredRoute] = []
        self.versions: dict[str, Versions] = {}
        self._by_key: dict[str, DeclaredRoute] = {}
        self._tag = tag

    def __call__(self, event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        return self.resolve(event, context)

    def get(self, rule: str, **says: Any) -> _Decorator:  # type: ignore[override]
        return self._declare("GET", rule, **says)

    def post(self, rule: str, **says: Any) -> _Decorator:  # type: ignore[override]
        return self._declare("POST", rule, **says)

    def put(self, rule: str, **says: Any) -> _Decorator:  # type: ignore[override]
        return self._declare("PUT", rule, **says)

    def patch(self, rule: str, **says: Any) -> _Decorator:  # type: ignore[override]
        return self._declare("PATCH", rule, **says)

    def delete(self, rule: str, **says: Any) -> _Decorator:  # type: ignore[override]
        return self._declare("DELETE", rule, **says)

    def _declare(
        self,
        method: Method,
        path: str,
        *,
        needs: str = "",
        personal: bool = False,
        any_key: bool = False,
        operator: bool = False,
        open_because: str = "",
        keyless_because: str = "",
        headless_because: str = "",
        heavy: bool = False,
        **options: Any,
    ) -> _Decorator:
        reasons = (open_because, keyless_because, headless_because)
        route = DeclaredRoute(method, path, needs, personal, any_key, operator, *reasons, heavy)
        self.routes.append(route)
        self._by_key[route.key] = route
        add = self.route(path.replace("{", "<").replace("}", ">"), method, **{"tags": [self._tag]} | options)

        def declare(function: _Function) -> _Function:
            self.versions[route.key] = versions_of(function)
            return add(function)

        return declare

    def resolve(self, event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        with quotas.noting() as noted:
            try:
                answer = self._conditional(event, context)
            except OptiqError as error:
                answer = problem(error)
                answer["headers"] |= _ALWAYS
        return {**answer, "headers": {**quotas.headers(noted), **answer["headers"], **_request_id(event)}}

    def _conditional(self, event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        """What the route answers, as the request's headers have it: once, or to a version."""
        route = self._by_key.get(str(event.get("routeKey", "")))
        if route is None:
            return self._answer(event, context)
        versions = self.versions[route.key]
        if route.method != "GET":
            event = expecting(event, versions)
        if route.takes_key and _KEY in (event.get("headers") or {}):
            _require_permission(event, route)  # An answer that is kept is for who may still ask.
            return _once(event, route, lambda: tagged(event, versions, self._answer(event, context)))
        return tagged(event, versions, self._answer(event, context))

    def _answer(self, event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        """What the route answers, whoever asks again."""
        # A body is read as JSON whatever its header says: curl's says that it is a form.
        as_json = {**event, "headers": {**(event.get("headers") or {}), "content-type": "application/json"}}
        answer = super().resolve(as_json, context)
        headers = {**(answer.get("headers") or {}), **_ALWAYS, **self._location(event, answer)}
        if answer.get("body") == "null":
            # Powertools writes None as `null`, which after a 204 a client would take for the next answer's beginning.
            headers.pop("Content-Type", None)
            return {**answer, "headers": headers, "body": ""}
        return {**answer, "headers": headers}

    def _location(self, event: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, str]:
        """Where what was created is read, if a route does that: the path with the id in the answer."""
        if answer["statusCode"] != 201:
            return {}
        template = str(event.get("routeKey", "")).partition(" ")[2]
        names = {
            route.path.removeprefix(f"{template}/{{").removesuffix("}")
            for route in self.routes
            if route.method == "GET" and route.path.startswith(f"{template}/{{") and route.path.endswith("}")
        }
        created = json.loads(answer["body"])
        found = next((created[name] for name in names if name in created), None)
        return {"location": f"{event['rawPath']}/{found}"} if found else {}

    def _call_route(self, route: Route, route_arguments: dict[str, str]) -> ResponseBuilder[Any]:
        declared = self._by_key.get(f"{route.method} {route.openapi_path}")
        if declared is None:  # It answers where there is no route.
            return super()._call_route(route, route_arguments)
        event = self.current_event.raw_event
        try:
            _require_permission(event, declared)
        except OptiqError as error:
            return ResponseBuilder(response=as_problem(error), route=route)
        # Before the parameters are validated: a required one that is misspelt is unknown first, and missing then.
        if wrong := wrong_query(route, event):
            return ResponseBuilder(response=as_problem(InvalidError(wrong)), route=route)
        return super()._call_route(route, route_arguments)


def make_resolver(tag: str) -> ManagementResolver:
    """A resolver that checks parameters and bodies by their types and answers errors as problem documents.

    Args:
        tag: the chapter of the API's reference that its routes stand in, unless a route says otherwise.
    """
    app = ManagementResolver(tag=tag, enable_validation=True, json_body_deserializer=read_json)
    app.exception_handler(OptiqError)(as_problem)
    app.exception_handler([RequestValidationError, RequestUnsupportedContentType])(as_bad_request)
    app.exception_handler(TableError)(as_outage)
    app.exception_handler(UnicodeDecodeError)(as_unreadable)
    app.not_found(as_not_found)
    return app


def _require_permission(event: Mapping[str, Any], route: DeclaredRoute) -> None:
    """Raises ForbiddenError unless the caller has the permission, or the session, that the route needs."""
    caller = authorized(event)
    if route.personal and caller and ("scopes" in caller or not caller.get("user_id")):
        raise ForbiddenError("this needs a session, not an API key")
    if not route.needs or route.needs in permissions_of(caller):
        return
    if not caller:
        raise UnauthenticatedError("a session or an API key is needed")
    where = "the organization chosen" if caller.get("organization_id") else _NO_ORGANIZATION
    raise ForbiddenError(f"this needs the permission '{route.needs}' in {where}")


def _request_id(event: Mapping[str, Any]) -> dict[str, str]:
    """What a caller names when they ask why; the log's line has it too."""
    request_id = (event.get("requestContext") or {}).get("requestId")
    return {"x-request-id": str(request_id)} if request_id else {}


def _once(event: Mapping[str, Any], route: DeclaredRoute, answer: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    # Imported when a key first comes: sealing costs a function's start.
    from optiq.kernel.replays.keeping import once

    return once(event, route, answer)


def organization_of(app: ManagementResolver) -> str:
    """The organization whose credential came with the request. Raises UnauthenticatedError when none did."""
    organization_id = authorized(app.current_event.raw_event).get("organization_id")
    if not organization_id:
        raise UnauthenticatedError("a session or an API key is needed")
    return str(organization_id)
