"""What a request says of who asks and from where.

Browsers send the session's cookie whatever page makes them ask. So what changes something must come from a page of
ours: browsers say so in `Sec-Fetch-Site`, and those that do not in `Origin`
(https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html).
"""

from urllib.parse import urlsplit

from optiq.identity.people import api as people
from optiq.identity.people.contracts import Client
from optiq.kernel.http import Event, header

SESSION_COOKIE = "__Host-optiq"
DEVICE_COOKIE = "__Host-optiq-device"
OAUTH_COOKIE = "__Host-optiq-oauth"
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def cookie(event: Event, name: str) -> str:
    """The value of a cookie, or ""."""
    # API Gateway tells cookies apart; an emulator of it may leave them in their header.
    for pair in event.get("cookies") or header(event, "cookie").split(";"):
        key, _, value = str(pair).partition("=")
        if key.strip() == name:
            return value.strip()
    return ""


def bearer(event: Event) -> str:
    """The secret of the Authorization header, or ""."""
    scheme, _, secret = header(event, "authorization").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


def client_of(event: Event) -> Client:
    return people.client_of(
        event, device_token=cookie(event, DEVICE_COOKIE), session_secret=cookie(event, SESSION_COOKIE)
    )


def is_from_our_page(event: Event, *, unsaid: bool) -> bool:
    """Whether a request changes nothing, or comes from a page of the host it was sent to.

    Args:
        unsaid: what holds when nothing is said of where it comes from, as by programs that are no browsers.
    """
    if (event.get("requestContext") or {}).get("http", {}).get("method") in _SAFE_METHODS:
        return True
    site, origin = header(event, "sec-fetch-site"), header(event, "origin")
    if site:
        return site == "same-origin"
    if origin:
        page, scheme = urlsplit(origin), header(event, "x-forwarded-proto")
        # API Gateway says by which scheme it was asked: a page that came by http may be anybody's on the way.
        return page.netloc == header(event, "host") != "" and scheme in ("", page.scheme)
    return unsaid
