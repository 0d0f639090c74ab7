"""POST /b: what the tracker sends."""

from optiq.collect import api as collect
from optiq.kernel.errors import OptiqError
from optiq.kernel.http import Event, Response, json_response, problem
from optiq.kernel.routes import answers

from functions.collect.answers import readable_anywhere, require_some
from functions.collect.delivery import delivery_of


@answers(
    "POST /b",
    open_because="its sender's public key is checked by its signature",
    keyless_because="an event counts once by its own id",
)
def handler(event: Event, _context: object) -> Response:
    try:
        reception = collect.receive_beacon(delivery_of(event))
        # A tracker drops what gets a 4xx, so one good event makes the whole answer good.
        require_some(reception)
    except OptiqError as error:
        return readable_anywhere(problem(error))
    rejected = [{"index": r.index, "event_id": r.event_id, "reason": r.reason} for r in reception.rejected]
    body = {"accepted": reception.accepted} | ({"rejected": rejected} if rejected else {})
    return readable_anywhere(json_response(202, body))
