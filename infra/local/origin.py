"""From which network address a request comes, when proxies stand before the gateway.

X-Forwarded-For can be written by anybody, so it counts only from proxies that OPTIQ_TRUSTED_PROXIES names.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from infra.local.home import StartError

VARIABLE = "OPTIQ_TRUSTED_PROXIES"
_Network = IPv4Network | IPv6Network
_LOOPBACK: tuple[_Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1"))


@dataclass(frozen=True, slots=True)
class Origins:
    """Whose X-Forwarded-For counts.

    Attributes:
        proxies: for everything that depends on an address: allowlists, throttles, the audit log.
        visitor_proxies: for the address that an event's visitor has, which decides nothing about access.
    """

    proxies: tuple[_Network, ...]
    visitor_proxies: tuple[_Network, ...]

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Origins":
        """Without the variable, the machine's own processes may name a visitor's address, and nothing else counts.

        Raises:
            StartError: the variable holds something other than addresses and networks.
        """
        if VARIABLE not in environment:
            return cls((), _LOOPBACK)
        try:
            named = tuple(ip_network(word.strip()) for word in environment[VARIABLE].split(",") if word.strip())
        except ValueError as error:
            raise StartError(
                f"{VARIABLE}: {error}; give addresses or networks such as 10.0.0.5,192.168.1.0/24"
            ) from error
        return cls(named, named)

    def caller(self, peer: str, forwarded: str) -> str:
        """The address behind a request of a person or a program."""
        return _behind(self.proxies, peer, forwarded) if forwarded and self.proxies else peer

    def visitor(self, peer: str, forwarded: str) -> str:
        """The address behind a request that takes events in."""
        return _behind(self.visitor_proxies, peer, forwarded) if forwarded and self.visitor_proxies else peer


def _behind(proxies: tuple[_Network, ...], peer: str, forwarded: str) -> str:
    """The right-most address that is none of our proxies'. Each proxy appends the address of its caller."""
    found = peer
    for entry in reversed(forwarded.split(",")):
        address = _parsed(found)
        if address is None or not any(address in network for network in proxies):
            break
        text = _without_port(entry.strip())
        if _parsed(text) is None:
            break  # nobody can say who that was
        found = text
    return found


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    """An address, those of IPv4 in their own form. None when it is none."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _without_port(entry: str) -> str:
    if entry.startswith("["):
        return entry[1:].partition("]")[0]
    host, _, port = entry.partition(":")
    return host if port.isdecimal() else entry
