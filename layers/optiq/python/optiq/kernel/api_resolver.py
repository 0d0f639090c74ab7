"""Management routes: one resolver a context, whose every error is a problem document.

They stand behind the authorizer, which says whose credential came with the request. A route refuses query parameters
that it does not declare: one that is ignored would show other figures than were asked for.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Annotated, Any, NoReturn, Protocol, TypeVar
from urllib.parse import parse_qsl

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import ResponseBuilder, Route
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestUnsupportedContentType, RequestValidationError
from aws_lambda_powertools.event_handler.openapi.params import Query

from optiq.kernel import quotas
from optiq.kernel.errors import (
    ForbiddenError,
    InvalidError,
    NotFoundError,
    OptiqError,
    UnauthenticatedError,
    UpstreamError,
)
from optiq.kernel.http import authorized, problem
from optiq.kernel.routes import Method
from optiq.kernel.routes import Route as DeclaredRoute
from optiq.kernel.side_by_side import SideBySideResolver
from optiq.kernel.table import TableError, is_outage
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


_LINKED_FROM_ELSEWHERE: set[Callable[..., Any]] = set()
_SHOWN_CHARACTERS = 40


def linked_from_elsewhere(function: _Function) -> _Function:
    """Marks a route that other services send browsers to, with query parameters of their own."""
    _LINKED_FROM_ELSEWHERE.add(function)
    return function


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
        operator: bool = False,
        open_because: str = "",
        keyless_because: str = "",
        headless_because: str = "",
        heavy: bool = False,
        **options: Any,
    ) -> _Decorator:
        reasons = (open_because, keyless_because, headless_because)
        route = DeclaredRoute(method, path, needs, personal, operator, *reasons, heavy)
        self.routes.append(route)
        self._by_key[route.key] = route
        add = self.route(path.replace("{", "<").replace("}", ">"), method, **{"tags": [self._tag]} | options)

        def declare(function: _Function) -> _Function:
            self.versions[route.key] = versions_of(function)
            return add(function)

        return declare

    def resolve(self, event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        refusal = _refusal(event)
        if refusal is not None:
            return refusal
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
        # Before the parameters are validated: a required one that is misspelt is unknown first, and missing then.
        wrong = _wrong_query(route, self.current_event.raw_event) if self._is_own(route) else ""
        if wrong:
            return ResponseBuilder(response=_as_problem(InvalidError(wrong)), route=route)
        return super()._call_route(route, route_arguments)

    def _is_own(self, route: Route) -> bool:
        """Not the one that answers where there is none."""
        return route in self._static_routes or route in self._dynamic_routes


def make_resolver(tag: str) -> ManagementResolver:
    """A resolver that checks parameters and bodies by their types and answers errors as problem documents.

    Args:
        tag: the chapter of the API's reference that its routes stand in, unless a route says otherwise.
    """
    app = ManagementResolver(tag=tag, enable_validation=True, json_body_deserializer=_read_json)
    app.exception_handler(OptiqError)(_as_problem)
    app.exception_handler([RequestValidationError, RequestUnsupportedContentType])(_as_bad_request)
    app.exception_handler(TableError)(_as_outage)
    app.exception_handler(UnicodeDecodeError)(_as_unreadable)
    app.not_found(_as_not_found)
    return app


def _request_id(event: Mapping[str, Any]) -> dict[str, str]:
    """What a caller names when they ask why; the log's line has it too."""
    request_id = (event.get("requestContext") or {}).get("requestId")
    return {"x-request-id": str(request_id)} if request_id else {}


def _refusal(event: Mapping[str, Any]) -> dict[str, Any] | None:
    """The answer to who may not do this, as the authorizer found: it is only there that this is decided."""
    missing = authorized(event).get("missing_permission")
    if not missing:
        return None
    where = "the organization chosen" if authorized(event).get("organization_id") else _NO_ORGANIZATION
    answer = problem(ForbiddenError(f"this needs the permission '{missing}' in {where}"))
    return {**answer, "headers": {**answer["headers"], **_ALWAYS, **_request_id(event)}}


def _once(event: Mapping[str, Any], route: DeclaredRoute, answer: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    # Imported when a key first comes: sealing costs a function's start.
    from optiq.kernel.replays.keeping import once

    return once(event, route, answer)


def _wrong_query(route: Route, event: Mapping[str, Any]) -> str:
    """Which query parameters the route does not know or was given twice; "" when all are right."""
    if route.func in _LINKED_FROM_ELSEWHERE:
        return ""
    known = [str(parameter.alias) for parameter in route.dependant.query_params]
    given = Counter(name for name, _ in parse_qsl(event.get("rawQueryString") or "", keep_blank_values=True))
    if unknown := [name for name in given if name not in known]:
        shown = [name[:_SHOWN_CHARACTERS] or "(no name)" for name in unknown[:5]]
        named = "; ".join(f"{name}: unknown parameter" for name in shown)
        return f"{named}; this route knows {', '.join(known) or 'none'}"
    return "; ".join(f"{name}: given more than once; give it once" for name, times in given.items() if times > 1)


def organization_of(app: ManagementResolver) -> str:
    """The organization whose credential came with the request. Raises UnauthenticatedError when none did."""
    organization_id = authorized(app.current_event.raw_event).get("organization_id")
    if not organization_id:
        raise UnauthenticatedError("a session or an API key is needed")
    return str(organization_id)


def _as_problem(error: OptiqError) -> Response[str]:
    answer = problem(error)
    headers = {name: value for name, value in answer["headers"].items() if name != "content-type"}
    return Response(answer["statusCode"], "application/problem+json", answer["body"], headers)


def _as_outage(error: TableError) -> Response[str]:
    if not is_outage(error):
        raise error
    return _as_problem(UpstreamError("the table does not answer", retryable=True))


def _as_bad_request(error: RequestValidationError | RequestUnsupportedContentType) -> Response[str]:
    """Says of each mistake where it is and what is wrong, but not what was sent."""
    mistakes = {".".join(str(step) for step in mistake["loc"]): str(mistake["msg"]) for mistake in error.errors()}
    first = [f"{field}: {message}" for field, message in mistakes.items()][:5]
    return _as_problem(InvalidError("; ".join(first), fields=mistakes))


def _as_unreadable(_: UnicodeDecodeError) -> Response[str]:
    return _as_problem(InvalidError("the body is not UTF-8"))


def _as_not_found(_: Exception) -> Response[str]:
    return _as_problem(NotFoundError("there is no such route"))


def _read_json(text: str) -> Any:
    """JSON as RFC 8259 has it: no NaN, no Infinity, no nesting beyond what can be read."""
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError:
        raise
    except (RecursionError, ValueError) as error:
        # Nested too deeply, or a number of too many digits.
        raise json.JSONDecodeError("cannot be read", "", 0) from error


def _refuse_constant(name: str) -> NoReturn:
    raise json.JSONDecodeError(f"{name} is not JSON", "", 0)
