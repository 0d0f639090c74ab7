"""The query parameters a request may have. A route refuses those that it does not declare.

One that is ignored would show other figures than were asked for.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from aws_lambda_powertools.event_handler.api_gateway import Route

_Function = TypeVar("_Function", bound=Callable[..., Any])

_SHOWN_CHARACTERS = 40
_LINKED_FROM_ELSEWHERE: set[Callable[..., Any]] = set()


def linked_from_elsewhere(function: _Function) -> _Function:
    """Marks a route that other services send browsers to, with query parameters of their own."""
    _LINKED_FROM_ELSEWHERE.add(function)
    return function


def wrong_query(route: Route, event: Mapping[str, Any]) -> str:
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
