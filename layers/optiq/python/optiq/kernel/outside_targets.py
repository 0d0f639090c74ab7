"""Where Optiq may connect to when a customer names an address. A name may lead into the operator's own network."""

import socket
from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from optiq.kernel.errors import InvalidError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
_PORTS = (443, 8443)
_NOT_OF_THE_WEB = "url: must begin with https:// and use port 443 or 8443"


class RefusedAddressError(InvalidError):
    """The address may not be reached. Nothing was connected to."""


class Target:
    """A URL that was checked: which address to connect to, and what the server is to be called.

    Attributes:
        address: the one address to connect to. Nobody resolves the name again.
        path: with the query.
    """

    def __init__(self, scheme: str, host: str, port: int, path: str, address: Address) -> None:
        self.scheme, self.host, self.port, self.path, self.address = scheme, host, port, path, address


Resolve = Callable[[str, int], Sequence[Address]]


def resolved(host: str, port: int) -> list[Address]:
    """The addresses of a name. Raises OSError, also for a text that can be no name."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError("it can be no name of a host") from error
    return [ip_address(str(sockaddr[0]).partition("%")[0]) for *_, sockaddr in found]


def target_of(url: str, permitted: Iterable[Network] = (), resolve: Resolve = resolved) -> Target:
    """Where to connect to for a URL.

    Args:
        permitted: networks that the operator lets customers reach, also by http and on any port.

    Raises:
        RefusedAddressError: it is no public address, or another port or scheme than that of the web's.
        OSError: the name has no address now.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    networks, of_the_web = tuple(permitted), parts.scheme == "https" and port in _PORTS
    if not of_the_web and not networks:
        raise RefusedAddressError(_NOT_OF_THE_WEB)
    addresses = resolve(host, port)
    inside = [address for address in addresses if any(address in network for network in networks)]
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    if addresses and len(inside) == len(addresses):
        return Target(parts.scheme, host, port, path, addresses[0])
    if not of_the_web:
        raise RefusedAddressError(_NOT_OF_THE_WEB)
    if not addresses or not all(is_public(address) for address in addresses):
        raise RefusedAddressError("url: must lead to a public address")
    return Target(parts.scheme, host, port, path, addresses[0])


def is_public(address: Address) -> bool:
    """Whether an address is of the internet: none of this machine, of a private network, of a cloud's metadata.

    IPv6 addresses that carry an IPv4 address (mapped, 6to4, Teredo, NAT64) are judged by that one.
    """
    if isinstance(address, IPv6Address):
        carried = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if carried is None and address in _NAT64:
            carried = IPv4Address(int(address) & 0xFFFFFFFF)
        if carried is not None:
            return is_public(carried)
    if any(address in network for network in _SPECIAL if network.version == address.version):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


_NAT64 = IPv6Network("64:ff9b::/96")
_SPECIAL = (
    IPv4Network("192.0.0.0/24"),
    IPv4Network("168.63.129.16/32"),
    IPv6Network("64:ff9b:1::/48"),
    IPv6Network("3fff::/20"),
    IPv6Network("5f00::/16"),
    IPv6Network("fec0::/10"),
)
"""Of IANA's registries of special addresses, what some versions of Python take for global; IPv6's site-local addresses;
and where Azure answers its own machines."""
