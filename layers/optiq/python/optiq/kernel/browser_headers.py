"""What every answer tells browsers, unless it says something else itself.

An answer that is no page is data: a browser that is led to one loads nothing for it and shows it in no frame.
"""

from collections.abc import Callable, Mapping
from typing import Any

DEFAULTS: Mapping[str, str] = {
    "content-security-policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
OVER_TLS: Mapping[str, str] = {"strict-transport-security": "max-age=31536000"}
"""Where requests come by TLS: to ask this host by nothing else for a year (RFC 6797). Hosts below an operator's or a
customer's domain are not ours to decide about."""

_Handler = Callable[[Any, Any], Any]


def missing(named: set[str], *, tls: bool) -> dict[str, str]:
    """The headers that an answer lacks. `named` are the names of those that it has, in lower case."""
    wanted = {**DEFAULTS, **OVER_TLS} if tls else DEFAULTS
    return {name: value for name, value in wanted.items() if name not in named}


def for_browsers(handler: _Handler) -> _Handler:
    """The handler behind API Gateway, which answers by TLS alone; its answers to requests have all the headers."""

    def call(event: Any, context: Any) -> Any:
        answer = handler(event, context)
        if not isinstance(answer, Mapping) or "statusCode" not in answer:
            return answer
        headers = answer.get("headers") or {}
        return {**answer, "headers": {**headers, **missing({name.lower() for name in headers}, tls=True)}}

    return call
