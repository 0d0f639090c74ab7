"""GET and HEAD /l/{path}: leads to the target of a tracked link. Nothing of the request but its host and path matters
for where it leads.
"""

from optiq.kernel.errors import NotFoundError, OptiqError
from optiq.kernel.http import Event, Response, header, problem
from optiq.kernel.routes import answers
from optiq.links import api as links
from optiq.links.contracts import Opening

_LONGEST_AGENT = 500
_HEADERS = {"cache-control": "no-store", "referrer-policy": "no-referrer-when-downgrade"}
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><body style="font:1rem/1.5 system-ui;max-width:32rem;margin:20vh auto;padding:0 1rem">
<h1 style="font-size:1.4rem">{title}</h1><p>{text}</p>"""
_GONE = _PAGE.format(title="This link has ended", text="It leads nowhere any more. Ask whoever gave it to you.")
_UNKNOWN = _PAGE.format(title="There is no such link", text="Check the address for a typing mistake.")


@answers("GET /l/{path}", "HEAD /l/{path}", open_because="whoever has a link may open it")
def handler(event: Event, _context: object) -> Response:
    host = header(event, "host").partition(":")[0]
    path = str((event.get("pathParameters") or {}).get("path", ""))
    try:
        target = links.open_link(host, path, _opening(event))
    except NotFoundError:
        return _page(404, _UNKNOWN)
    except OptiqError as error:
        return problem(error)
    if target is None:
        return _page(410, _GONE)
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


def _page(status: int, text: str) -> Response:
    return {"statusCode": status, "headers": _HEADERS | {"content-type": "text/html; charset=utf-8"}, "body": text}
