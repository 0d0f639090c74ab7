"""Addresses that people give, for a browser to go to or for Optiq to call."""

import re
from urllib.parse import quote, urlsplit, urlunsplit

from optiq.kernel.errors import InvalidError
from optiq.kernel.hosts import ascii_host

_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*")
# What an address may hold as it is; `%` is part of what is encoded already (RFC 3986).
_KEPT = "%:/?#[]@!$&'()*+,;=~-._"


def is_host(host: str) -> bool:
    """Whether it is the ASCII name of a host, without a port."""
    return _HOST.fullmatch(host) is not None


def checked_address(field: str, address: str, longest: int = 2_000) -> str:
    """An http or https address in ASCII, as browsers would send it. Raises InvalidError, which names the field."""
    address = address.strip()
    try:
        parts = urlsplit(address)
        host, port = ascii_host(parts.hostname or ""), parts.port
    except ValueError:
        host, port = "", None
    if not host or parts.scheme not in ("http", "https") or "\\" in address or not address.isprintable():
        raise InvalidError(f'{field}: must be an address such as "https://shop.example/sale"')
    if parts.username is not None or parts.password is not None:
        raise InvalidError(f"{field}: must name no user")
    if not (is_host(host) or parts.netloc.startswith("[")) or " " in address:
        raise InvalidError(f'{field}: must be an address such as "https://shop.example/sale", without blanks')
    host = f"[{host}]" if ":" in host else host
    netloc = host if port is None else f"{host}:{port}"
    rest = (quote(part, safe=_KEPT) for part in (parts.path, parts.query, parts.fragment))
    found = urlunsplit((parts.scheme, netloc, *rest))
    if len(found) > longest:
        raise InvalidError(f"{field}: must have at most {longest} characters")
    return found
