"""Network addresses, however they are written."""

import pytest
from optiq.kernel.networks import network_of, read_address


@pytest.mark.parametrize(
    "text",
    [
        "203.0.113.10",
        " 203.0.113.10 ",
        "203.0.113.10:443",
        "::ffff:203.0.113.10",
        "::FFFF:203.0.113.10",
        "::ffff:cb00:710a",
        "0:0:0:0:0:ffff:cb00:710a",
        "[::ffff:203.0.113.10]",
        "[::ffff:203.0.113.10]:51234",
        "::ffff:203.0.113.10%eth0",
        "::ffff:0:203.0.113.10",
        "::203.0.113.10",
        "64:ff9b::203.0.113.10",
        "64:ff9b::cb00:710a",
        "64:ff9b:1::203.0.113.10",
        "64:ff9b:1:abcd::203.0.113.10",
        "64:ff9b:1:7:cb:71:a00:0",
        "64:ff9b:1:cb:0:710a::",
        "64:ff9b:1:cb00:71:a00::",
        "2002:cb00:710a::1",
    ],
)
def test_read_address_reads_ipv4_in_every_form(text: str) -> None:
    assert str(read_address(text)) == "203.0.113.10"
    assert network_of(text, ipv4_bits=24, ipv6_bits=48) == "203.0.113.0/24"


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("[2001:db8:1:2::3]:443", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("::1", "::/48"),
        ("::", "::/48"),
        ("2001:0:cb00:710a::1", "2001:0:cb00::/48"),
        ("64:ff9b:1::", "64:ff9b:1::/48"),
        ("64:ff9b:2::203.0.113.10", "64:ff9b:2::/48"),
    ],
)
def test_network_of_shortens_ipv6_as_ipv6(text: str, network: str) -> None:
    assert network_of(text, ipv4_bits=24, ipv6_bits=48) == network


@pytest.mark.parametrize("text", ["", "unknown", "203.0.113", "203.0.113.10, 10.0.0.1", "[203.0.113.10", "1.2.3.4:x"])
def test_read_address_reads_nothing_else(text: str) -> None:
    assert read_address(text) is None
    assert network_of(text, ipv4_bits=24, ipv6_bits=48) == ""
