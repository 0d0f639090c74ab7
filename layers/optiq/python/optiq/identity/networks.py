"""Networks a token may be used from."""

from collections.abc import Sequence
from ipaddress import IPv6Network, ip_network

from optiq.kernel.errors import InvalidError
from optiq.kernel.networks import read_address

MAX_NETWORKS = 50
_MAPPED_BITS = 96
"""What `::ffff:` takes of an IPv4 network in IPv6's form."""


def parse_networks(allowlist: Sequence[str]) -> tuple[str, ...]:
    """The networks in one spelling. Raises InvalidError for what is no address or CIDR, or for too many."""
    if len(allowlist) > MAX_NETWORKS:
        raise InvalidError(f"ip_allowlist: at most {MAX_NETWORKS} networks")
    return tuple(dict.fromkeys(_network(text) for text in allowlist))


def _network(text: str) -> str:
    try:
        network = ip_network(text.strip())
    except ValueError as error:
        raise InvalidError(
            f"ip_allowlist: '{text[:60]}' is not a network such as 203.0.113.0/24 or 2001:db8::/32 ({error})"
        ) from error
    if isinstance(network, IPv6Network) and network.network_address.ipv4_mapped and network.prefixlen >= _MAPPED_BITS:
        network = ip_network((network.network_address.ipv4_mapped, network.prefixlen - _MAPPED_BITS))
    return str(network)


def is_within(address: str, networks: Sequence[str]) -> bool:
    """Whether an address lies in one of the networks; one that cannot be read lies in none."""
    found = read_address(address)
    return found is not None and any(found in ip_network(network) for network in networks)
