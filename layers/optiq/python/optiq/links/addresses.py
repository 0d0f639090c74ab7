"""Where links may be: their domains and paths."""

import re

from optiq.kernel.errors import InvalidError
from optiq.kernel.hosts import ascii_host, host_of
from optiq.kernel.settings import settings
from optiq.kernel.web_addresses import is_host

_LONGEST_HOST = 64
_PATH = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
# Names that people would take for Optiq's own pages, wherever they stand in a path.
_OWN_NAMES = (
    *("optiq", "login", "logon", "logout", "signin", "signup", "signout", "password", "passwd", "passcode", "account"),
    *("admin", "auth", "security", "verif", "console", "billing", "invoice", "payment", "support", "2fa", "mfa"),
    *("token", "apikey"),
)
# Signs that look like letters; `i` and `l` count as one.
_ALIKE = str.maketrans("01i345789", "olleastbg", "-_")


def own_domain() -> str:
    return host_of(settings().public_url)


def checked_path(path: str, domain: str) -> str:
    """Raises InvalidError."""
    if not _PATH.fullmatch(path):
        raise InvalidError("path: must have 1 to 100 letters, digits, - and _, and begin with a letter or digit")
    if domain == own_domain() and any(_looks(name) in _looks(path) for name in _OWN_NAMES):
        raise InvalidError(f"path: '{path}' looks like a page of Optiq's own; use another, or a domain of yours")
    return path


def _looks(name: str) -> str:
    return name.lower().translate(_ALIKE)


def checked_domain(domain: str, site_domains: tuple[str, ...]) -> str:
    """Optiq's own domain for "", else one of the site's or below it. Raises InvalidError."""
    if not domain.strip():
        return own_domain()
    try:
        host = ascii_host(domain)
    except ValueError:
        host = ""
    if len(host) > _LONGEST_HOST or not is_host(host):
        raise InvalidError(f'domain: must be a host such as "go.shop.example", of at most {_LONGEST_HOST} characters')
    if host != own_domain() and not any(host == own or host.endswith(f".{own}") for own in site_domains):
        raise InvalidError(f"domain: must be one of the site's domains or below one, such as go.{site_domains[0]}")
    return host
