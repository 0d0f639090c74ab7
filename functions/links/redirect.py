"""GET and HEAD /l/{path}: leads to the target of a tracked link. Nothing of the request but its host and path matters
for where it leads.
"""

from optiq.kernel.errors import NotFoundError, OptiqError
from optiq.kernel.http import Event, Response, header, problem
from optiq.kernel.plain_page import plain_page
from optiq.kernel.routes import answers
from optiq.links import api as links
from optiq.links.contracts import Opening

_LONGEST_AGENT = 500
_HEADERS = {"cache-control": "no-store", "referrer-policy": "no-referrer-when-downgrade"}


@answers("GET /l/{path}", "HEAD /l/{path}", open_because="whoever has a link may open it")
def handler(event: Event, _context: object) -> Response:
    host = header(event, "host").partition(":")[0]
    path = str((event.get("pathParameters") or {}).get("path", ""))
    if path == links.PROOF_PATH:
        return {"statusCode": 200, "headers": _HEADERS | {"content-type": "text/plain"}, "body": links.proof_of(host)}
    try:
        target = links.open_link(host, path, _opening(event))
    except NotFoundError:
        return plain_page(404, "There is no such link", "Check the address for a typing mistake.", _HEADERS)
    except OptiqError as error:
        return problem(error)
    if target is None:
        return plain_page(
            410, "This link has ended", "It leads nowhere any more. Ask whoever gave it to you.", _HEADERS
        )
    return {"statusCode": 302, "headers": _HEADERS | {"location": target}, "body": ""}


def _opening(event: Event) -> Opening:
    purposes = (header(event, name).lower() for name in ("sec-purpose", "purpose", "x-purpose", "x-moz"))
    return Opening(
        user_agent=header(event, "user-agent")[:_LONGEST_AGENT],
        ip=event["requestContext"]["http"].get("sourceIp", ""),
        head=event["requestContext"]["http"]["method"] == "HEAD",
        ahead=any("prefetch" in purpose or "preview" in purpose or "prerender" in purpose for purpose in purposes),
        qr=event.get("rawQueryString", "") == "q=1",
    )
