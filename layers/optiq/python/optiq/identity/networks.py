"""Networks a token may be used from."""

from collections.abc import Sequence
from ipaddress import IPv6Address, ip_address, ip_network

from optiq.kernel.errors import InvalidError

MAX_NETWORKS = 50


def parse_networks(allowlist: Sequence[str]) -> tuple[str, ...]:
    """The networks in one spelling. Raises InvalidError for what is no address or CIDR, or for too many."""
    if len(allowlist) > MAX_NETWORKS:
        raise InvalidError(f"ip_allowlist: at most {MAX_NETWORKS} networks")
    return tuple(dict.fromkeys(_network(text) for text in allowlist))


def _network(text: str) -> str:
    try:
        return str(ip_network(text.strip()))
    except ValueError as error:
        raise InvalidError(
            f"ip_allowlist: '{text[:60]}' is not a network such as 203.0.113.0/24 or 2001:db8::/32 ({error})"
        ) from error


def is_within(address: str, networks: Sequence[str]) -> bool:
    """Whether an address lies in one of the networks; one that cannot be read lies in none."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return any(found in ip_network(network) for network in networks)
