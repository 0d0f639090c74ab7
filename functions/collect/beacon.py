"""POST /b: what the tracker sends."""

from optiq.collect import api as collect
from optiq.kernel.errors import OptiqError
from optiq.kernel.http import Event, Response, json_response, problem

from functions.collect.answers import require_some
from functions.collect.delivery import delivery_of

_ANY_ORIGIN = {"access-control-allow-origin": "*"}
_READABLE = {"access-control-expose-headers": "retry-after"}


def handler(event: Event, _context: object) -> Response:
    try:
        reception = collect.receive_beacon(delivery_of(event))
        # A tracker drops what gets a 4xx, so one good event makes the whole answer good.
        require_some(reception)
    except OptiqError as error:
        answer = problem(error)
        answer["headers"] |= _ANY_ORIGIN | _READABLE
        return answer
    rejected = [{"index": r.index, "event_id": r.event_id, "reason": r.reason} for r in reception.rejected]
    body = {"accepted": reception.accepted} | ({"rejected": rejected} if rejected else {})
    return json_response(202, body, _ANY_ORIGIN)
