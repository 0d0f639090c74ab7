"""Addresses that customers have Optiq send to: what can be said of them before anybody is asked."""

from urllib.parse import urlsplit

from optiq.kernel.errors import InvalidError

_LONGEST_URL = 2_000


def check_url(field: str, url: str) -> None:
    """Checks what can be checked without asking anybody. Raises InvalidError; the message begins with the field."""
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError:
        raise InvalidError(f"{field}: must be an address such as https://hooks.example.com/optiq") from None
    if len(url) > _LONGEST_URL or parts.scheme not in ("https", "http") or not host or not url.isascii():
        raise InvalidError(f"{field}: must be an address such as https://hooks.example.com/optiq")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise InvalidError(f"{field}: must have no user name, password or fragment")
    if port == 0:
        raise InvalidError(f"{field}: must have no port, or one that can be")
