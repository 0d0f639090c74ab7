"""Host names in one form: small letters, ASCII, without a trailing dot.

An international name has two forms, `bücher.example` and `xn--bcher-kva.example`. Browsers send the second, people
write the first. The conversion is that of browsers (UTS 46, nontransitional): `ß` stays a letter of its own.
"""

from functools import lru_cache
from urllib.parse import unquote, urlsplit


def ascii_host(name: str) -> str:
    """Raises ValueError for an international name that cannot be."""
    name = name.strip().lower()
    return (name if name.isascii() else _converted(name)).rstrip(".")


def host_of(address: str) -> str:
    """The host of an address, or "" when it has none; a name that cannot be converted stays as it is."""
    try:
        name = urlsplit(address.strip()).hostname or ""
    except ValueError:
        return ""
    if "%" in name:
        name = unquote(name)
    try:
        return ascii_host(name)
    except ValueError:
        return name


@lru_cache(maxsize=1024)
def _converted(name: str) -> str:
    # Imported late: its tables are large, and most names are ASCII.
    import idna

    return idna.encode(name, uts46=True).decode()
