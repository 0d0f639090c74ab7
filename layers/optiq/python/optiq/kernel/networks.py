"""Network addresses as proxies and clients write them, and the networks they lie in.

IPv4 in a form of IPv6 is IPv4: mapped (`::ffff:203.0.113.10`), translated (`::ffff:0:203.0.113.10`, RFC 2765,
`64:ff9b::203.0.113.10`, RFC 6052, and within a network of one's own `64:ff9b:1::203.0.113.10`, RFC 8215) and 6to4
(`2002:cb00:710a::`, RFC 3056). Otherwise IPv6's shortening would make one network of all of IPv4.
"""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_WITH_PORT = re.compile(r"^(?:\[([^\[\]]+)\](?::\d{1,5})?|(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5})$")
_TRANSLATED = (
    ip_network("::ffff:0:0:0/96"),
    ip_network("64:ff9b::/96"),
    ip_network("::/96"),
)
_LOCALLY_TRANSLATED = ip_network("64:ff9b:1::/48")
_FIRST_PLAIN = 1 << 24
"""Below it lies what IPv6 itself uses of ::/96, such as `::1`: no IPv4 address that anybody has."""


def read_address(text: str) -> IPv4Address | IPv6Address | None:
    """The address, as IPv4 where it is one in IPv6 form; brackets, port and zone are left out. None for no address."""
    text = text.strip()
    if found := _WITH_PORT.match(text):
        text = found[1] or found[2]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return _as_ipv4(address) or address


def senders_network(text: str) -> str:
    """The network that counts as one sender, for who has one of its addresses may have all. "" for no address."""
    return network_of(text, ipv4_bits=24, ipv6_bits=56)


def network_of(text: str, *, ipv4_bits: int, ipv6_bits: int) -> str:
    """The network that an address lies in, such as `203.0.113.0/24`; "" for what is no address."""
    address = read_address(text)
    if address is None:
        return ""
    bits = ipv4_bits if isinstance(address, IPv4Address) else ipv6_bits
    return str(ip_network((address, bits), strict=False))


def _as_ipv4(address: IPv4Address | IPv6Address) -> IPv4Address | None:
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    translated = any(address in network for network in _TRANSLATED)
    embedded = int(address) & 0xFFFF_FFFF if translated else 0
    if address in _LOCALLY_TRANSLATED:
        embedded = _embedded_locally(int(address))
    return IPv4Address(embedded) if embedded >= _FIRST_PLAIN else None


def _embedded_locally(address: int) -> int:
    """The IPv4 address behind a prefix of 96, 64, 56 or 48 bits (RFC 6052, 2.2). Behind its last byte all is 0; no
    host's last byte is 0."""
    if address & 0xFF_FFFF:
        return address & 0xFFFF_FFFF
    if address & 0xFFFF_FFFF:
        return address >> 24 & 0xFFFF_FFFF
    if address >> 32 & 0xFF:
        return (address >> 64 & 0xFF) << 24 | address >> 32 & 0xFF_FFFF
    return (address >> 64 & 0xFFFF) << 16 | address >> 40 & 0xFFFF
