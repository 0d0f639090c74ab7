"""GET /p.gif: one event in a query string, for where no script runs. Always the image, whatever the status."""

import base64

from optiq.collect import api as collect
from optiq.kernel.errors import LimitExceededError, PlanLimitError, UpstreamError
from optiq.kernel.http import Event, Response, problem
from optiq.kernel.routes import answers

from functions.collect.delivery import delivery_of

_GIF = base64.b64encode(
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,"
    b"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
).decode()


@answers(
    "GET /p.gif",
    open_because="its sender's public key is checked by its signature",
    headless_because="it takes an event in",
)
def handler(event: Event, _context: object) -> Response:
    answer: Response = {"statusCode": 200, "headers": {}}
    try:
        collect.receive_pixel(delivery_of(event, body=event.get("rawQueryString", "").encode("utf-8", "replace")))
    except (LimitExceededError, PlanLimitError, UpstreamError) as error:
        answer = problem(error)
    return {
        "statusCode": answer["statusCode"],
        "headers": answer["headers"] | {"content-type": "image/gif", "cache-control": "no-store, max-age=0"},
        "body": _GIF,
        "isBase64Encoded": True,
    }
