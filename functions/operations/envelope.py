"""POST /api/{project}/envelope/: what clients of Sentry report, from servers and pages."""

import re
from urllib.parse import parse_qs

from optiq.kernel.errors import LimitExceededError, NotFoundError, OptiqError
from optiq.kernel.http import Event, Response, body_bytes, header, json_response, problem
from optiq.kernel.routes import answers
from optiq.operations.errors import api as errors

_ENVELOPE = "envelope"
_KEY = re.compile(r"sentry_key\s*=\s*([0-9A-Za-z]+)")
# Pages of every origin report: what a request may do stands in its key, never in a cookie.
_ANY_ORIGIN = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "retry-after, x-sentry-rate-limits",
}


# API Gateway takes no path that ends in a slash, and clients send one: the end of the path is a parameter.
@answers(
    "POST /api/{project}/{rest+}",
    open_because="its sender's public key is checked by its signature",
    keyless_because="an error counts once by its own id",
)
def handler(event: Event, _context: object) -> Response:
    answer = _answer(event)
    answer["headers"] |= _ANY_ORIGIN
    return answer


def _answer(event: Event) -> Response:
    path = event.get("pathParameters") or {}
    try:
        if str(path.get("rest", "")).strip("/") != _ENVELOPE:
            raise NotFoundError("errors are taken at /api/<project>/envelope/ alone: use a newer client of Sentry")
        found = errors.receive(
            _key_of(event), str(path.get("project", "")), body_bytes(event), header(event, "content-encoding")
        )
    except LimitExceededError as error:
        refused = problem(error)
        # Clients wait by this header: seconds, what of, whose.
        refused["headers"]["x-sentry-rate-limits"] = f"{error.retry_after_seconds}:error:key"
        return refused
    except OptiqError as error:
        return problem(error)
    return json_response(200, {"id": found[0]} if found else {})


def _key_of(event: Event) -> str:
    """Servers send the key in a header, pages in the address."""
    found = _KEY.search(header(event, "x-sentry-auth"))
    if found:
        return found[1]
    return parse_qs(str(event.get("rawQueryString", ""))).get("sentry_key", [""])[0]
