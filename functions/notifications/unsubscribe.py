"""GET and POST /u/{token}: ends a mail that recurs for its recipient, without signing in (RFC 8058).

A GET shows a page with a button and changes nothing, because programs open the links of mails before people do. A POST
ends the mail, whatever its body.
"""

from optiq.kernel.errors import NotFoundError, OptiqError
from optiq.kernel.http import Event, Response, problem
from optiq.kernel.routes import answers
from optiq.notifications.ending import api as ending

_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'",
    "content-type": "text/html; charset=utf-8",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex, nofollow",
}
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><body style="font:1rem/1.5 system-ui;max-width:32rem;margin:20vh auto;padding:0 1rem">
<h1 style="font-size:1.4rem">{title}</h1><p>{text}</p>"""
_BUTTON = '<form method="post"><button style="font:inherit;padding:.5rem 1rem">End these mails</button></form>'
_ASK = (
    _PAGE.format(
        title="End these mails?", text="You get them no more. Others still do, and mail about your account still comes."
    )
    + _BUTTON
)
_DONE = _PAGE.format(
    title="You get these mails no more",
    text="To get them again, change your notifications in Optiq, or ask who schedules mails for your site.",
)
_UNKNOWN = _PAGE.format(title="This address is incomplete", text="Copy it as a whole from the mail.")
_WHY_OPEN = "whoever has the mail may end it"


@answers("GET /u/{token}", "POST /u/{token}", open_because=_WHY_OPEN, keyless_because="once is as often as you like")
def handler(event: Event, _context: object) -> Response:
    token = str((event.get("pathParameters") or {}).get("token", ""))
    asks = event["requestContext"]["http"]["method"] != "POST"
    try:
        if asks:
            ending.check_token(token)
        else:
            ending.unsubscribe(token)
    except NotFoundError:
        return {"statusCode": 404, "headers": _HEADERS, "body": _UNKNOWN}
    except OptiqError as error:
        return problem(error)
    return {"statusCode": 200, "headers": _HEADERS, "body": _ASK if asks else _DONE}
