"""POST /v1/{track,page,identify,batch}: Segment's HTTP API, for servers, with an ingestion token as its write key."""

import base64
import binascii

from optiq.collect import api as collect
from optiq.collect.contracts import Reception, Sender
from optiq.identity import api as identity
from optiq.kernel.errors import InvalidError, OptiqError, UnauthenticatedError
from optiq.kernel.http import Event, Response, header, json_response, problem

from functions.collect.delivery import delivery_of


def handler(event: Event, _context: object) -> Response:
    kind = str(event["requestContext"]["http"]["path"]).rsplit("/", 1)[-1]
    try:
        delivery = delivery_of(event)
        try:
            principal = identity.authenticate_sender(_write_key(event))
        except UnauthenticatedError as error:
            collect.refuse(delivery, error)
            raise
        sender = Sender(principal.organization_id, principal.site_id, trusted_clock=True)
        return _answer(collect.receive_segment(sender, kind, delivery))
    except OptiqError as error:
        return problem(error)


def _answer(reception: Reception) -> Response:
    if not reception.accepted:
        return problem(InvalidError("; ".join(rejection.reason for rejection in reception.rejected)[:1000]))
    rejected = [{"index": r.index, "messageId": r.event_id, "reason": r.reason} for r in reception.rejected]
    return json_response(200, {"success": True} | ({"rejected": rejected} if rejected else {}))


def _write_key(event: Event) -> str:
    """The user name of HTTP Basic; Segment leaves the password empty."""
    scheme, _, value = header(event, "authorization").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value, validate=True).decode("ascii").partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""
