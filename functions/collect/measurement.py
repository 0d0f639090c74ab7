"""POST /mp/collect: Google Analytics 4's Measurement Protocol, with an ingestion token as its `api_secret`.

Google answers 2xx to everything and drops silently what it cannot use. We answer 204 when all is durable, 200 with
what was rejected when some is, and a problem when nothing is.
"""

from optiq.collect import api as collect
from optiq.collect.contracts import Reception
from optiq.kernel import quotas
from optiq.kernel.errors import OptiqError
from optiq.kernel.http import Event, Response, json_response, problem
from optiq.kernel.routes import answers

from functions.collect.answers import require_some
from functions.collect.delivery import delivery_of
from functions.collect.senders import api_secret, sender_of


@answers(
    "POST /mp/collect",
    open_because="the function itself checks the write key in `api_secret`",
    keyless_because="an event counts once by its own id",
)
def handler(event: Event, _context: object) -> Response:
    try:
        delivery = delivery_of(event)
        return _answer(collect.receive_measurement(sender_of(api_secret(event), delivery), delivery))
    except OptiqError as error:
        return problem(error)


def _answer(reception: Reception) -> Response:
    require_some(reception)
    headers = quotas.headers(reception.quotas)
    if not reception.rejected:
        return {"statusCode": 204, "headers": headers, "body": ""}
    rejected = [{"index": r.index, "reason": r.reason} for r in reception.rejected]
    return json_response(200, {"rejected": rejected}, headers)
