"""The answers to browsers that ask whether a page of another origin may send a request.

Without cookies, a page can do only what its own key can. Clients that send events add headers of their own
(RudderStack's `AnonymousId`, tracing tools' `traceparent`), so their routes allow every header that is asked for.
API Gateway has one setting for all routes (infra/aws/http_api.py).
"""

import re
from collections.abc import Iterable

from infra.local.http_event import HttpAnswer

_ALWAYS = ("authorization", "content-type")
_NAME = re.compile(r"[a-z0-9!#$%&'*+.^_`|~-]{1,64}")
_MOST_NAMES = 40


def preflight(headers: Iterable[tuple[bytes, bytes]], methods: Iterable[str], *, any_header: bool) -> HttpAnswer:
    """Args:
    methods: what the path answers; pages of other origins may use two of them.
    any_header: whether what is asked for is allowed, rather than the two headers of the API's clients.
    """
    allowed = dict.fromkeys(_ALWAYS)
    if any_header:
        asked = b",".join(value for name, value in headers if name.lower() == b"access-control-request-headers")
        names = [name.strip().lower() for name in asked.decode("latin-1").split(",")]
        allowed |= dict.fromkeys([name for name in names if _NAME.fullmatch(name)][:_MOST_NAMES])
    return HttpAnswer(
        204,
        [
            (b"allow", ", ".join((*methods, "OPTIONS")).encode()),
            (b"access-control-allow-origin", b"*"),
            (b"access-control-allow-methods", b"GET, POST"),
            (b"access-control-allow-headers", ", ".join(allowed).encode()),
            (b"access-control-max-age", b"86400"),
            (b"vary", b"access-control-request-headers"),
        ],
        b"",
    )
