"""POST /v1/{track,page,screen,identify,group,alias,batch}: Segment's HTTP API, with an ingestion token as write key.

Its official clients also use short names: browsers the first letter, phones `b` and, when older, `import`. Pages of any
origin may send.
"""

from optiq.collect import api as collect
from optiq.collect.contracts import Reception
from optiq.kernel import quotas
from optiq.kernel.errors import OptiqError
from optiq.kernel.http import Event, Response, json_response, problem
from optiq.kernel.routes import answers

from functions.collect.answers import readable_anywhere, require_some
from functions.collect.delivery import delivery_of
from functions.collect.senders import basic_user, sender_of

PATHS = (
    *("track", "page", "screen", "identify", "group", "alias", "batch"),
    # What Segment's clients for browsers and phones call them.
    *("t", "p", "s", "i", "g", "a", "b", "import"),
)


@answers(
    *(f"POST /v1/{name}" for name in PATHS),
    open_because="the function itself checks the write key",
    keyless_because="an event counts once by its own id",
)
def handler(event: Event, _context: object) -> Response:
    try:
        return readable_anywhere(_answer(_receive(event)))
    except OptiqError as error:
        return readable_anywhere(problem(error))


def _receive(event: Event) -> Reception:
    name = str(event["requestContext"]["http"]["path"]).rsplit("/", 1)[-1]
    kind = collect.segment_kind(name)
    delivery = delivery_of(event)
    user = basic_user(event)
    sender = sender_of(user, delivery) if user else None
    posted = collect.read_segment(kind, delivery, sender)
    return collect.receive_segment(sender or sender_of(posted.write_key, posted.delivery), kind, posted)


def _answer(reception: Reception) -> Response:
    require_some(reception)
    rejected = [{"index": r.index, "messageId": r.event_id, "reason": r.reason} for r in reception.rejected]
    body = {"success": True} | ({"rejected": rejected} if rejected else {})
    return json_response(200, body, quotas.headers(reception.quotas))
