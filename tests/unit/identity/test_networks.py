"""From which addresses a token may be used."""

import pytest
from optiq.identity.networks import MAX_NETWORKS, is_within, parse_networks
from optiq.kernel.errors import InvalidError


@pytest.mark.parametrize(
    ("address", "network", "within"),
    [
        ("203.0.113.9", "203.0.113.0/24", True),
        ("203.0.114.9", "203.0.113.0/24", False),
        ("203.0.113.9", "203.0.113.9", True),
        ("203.0.113.8", "203.0.113.9", False),
        ("2001:db8:1::7", "2001:db8::/32", True),
        ("2001:db9::7", "2001:db8::/32", False),
        ("2001:db8::1", "0.0.0.0/0", False),
        ("::ffff:203.0.113.9", "203.0.113.0/24", True),
        ("", "0.0.0.0/0", False),
        ("unknown", "::/0", False),
    ],
)
def test_an_address_is_within_a_network_or_not(address: str, network: str, within: bool) -> None:
    assert is_within(address, parse_networks([network])) is within


def test_one_of_several_networks_suffices() -> None:
    assert is_within("2001:db8::1", parse_networks(["203.0.113.0/24", "2001:db8::/32"]))


def test_networks_are_kept_in_one_spelling_and_once() -> None:
    assert parse_networks([" 203.0.113.9", "203.0.113.9/32", "2001:DB8:0::/32"]) == ("203.0.113.9/32", "2001:db8::/32")


@pytest.mark.parametrize("text", ["", "203.0.113.9/24", "example.com", "203.0.113.0/33", "2001:db8::/129", "1" * 500])
def test_what_is_no_network_is_named(text: str) -> None:
    with pytest.raises(InvalidError, match="is not a network such as"):
        parse_networks([text])


def test_a_list_beyond_measure_is_refused() -> None:
    with pytest.raises(InvalidError, match="at most"):
        parse_networks(["203.0.113.9"] * (MAX_NETWORKS + 1))


@pytest.mark.parametrize("address", ["::ffff:cb00:7109", "64:ff9b::203.0.113.9", "[::ffff:203.0.113.9]:443"])
@pytest.mark.parametrize("network", ["203.0.113.0/24", "::ffff:203.0.113.0/120"])
def test_is_within_finds_ipv4_in_ipv6_form_on_both_sides(address: str, network: str) -> None:
    assert is_within(address, parse_networks([network]))
    assert not is_within("::ffff:198.51.100.9", parse_networks([network]))
