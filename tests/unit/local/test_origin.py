"""X-Forwarded-For counts from the proxies that the operator names, and from nobody else."""

import pytest

from infra.local.home import StartError
from infra.local.origin import VARIABLE, Origins

NONE_NAMED = Origins.from_environment({})
NAMED = Origins.from_environment({VARIABLE: "127.0.0.1, 10.0.0.0/8,2001:db8::/32"})


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "10.0.0.5", "203.0.113.9", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("forwarded", ["192.0.2.1", "192.0.2.1, 10.0.0.9", "127.0.0.1", "nonsense", ""])
def test_a_caller_is_the_peer_when_no_proxy_is_named(peer: str, forwarded: str) -> None:
    assert NONE_NAMED.caller(peer, forwarded) == peer


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("127.0.0.1", "192.0.2.1", "192.0.2.1"),
        ("127.0.0.1", "192.0.2.66, 192.0.2.1", "192.0.2.1"),
        ("127.0.0.1", "192.0.2.66, 192.0.2.1, 10.1.1.1", "192.0.2.1"),
        ("::ffff:127.0.0.1", "192.0.2.1:4711", "192.0.2.1"),
        ("2001:db8::7", "[2001:470::1]:443", "2001:470::1"),
        ("10.9.9.9", "::ffff:192.0.2.1", "::ffff:192.0.2.1"),
        ("10.9.9.9", "10.1.1.1,10.2.2.2", "10.1.1.1"),
        # Where the chain cannot be read, it ends with the last address that can be vouched for.
        ("127.0.0.1", "192.0.2.1, unknown", "127.0.0.1"),
        ("127.0.0.1", "192.0.2.1, , 10.1.1.1", "10.1.1.1"),
        ("127.0.0.1", "192.0.2.1.4", "127.0.0.1"),
        ("203.0.113.9", "192.0.2.1", "203.0.113.9"),
        ("127.0.0.2", "192.0.2.1", "127.0.0.2"),
    ],
)
def test_a_caller_is_the_last_address_that_no_named_proxy_has(peer: str, forwarded: str, address: str) -> None:
    assert NAMED.caller(peer, forwarded) == address
    assert NAMED.visitor(peer, forwarded) == address


@pytest.mark.parametrize(
    ("peer", "address"),
    [("127.0.0.1", "192.0.2.1"), ("::1", "192.0.2.1"), ("10.0.0.5", "10.0.0.5"), ("203.0.113.9", "203.0.113.9")],
)
def test_a_visitor_may_be_named_from_this_machine_only_when_no_proxy_is_named(peer: str, address: str) -> None:
    assert NONE_NAMED.visitor(peer, "192.0.2.1") == address


def test_nobody_names_a_visitor_when_the_list_of_proxies_is_empty() -> None:
    assert Origins.from_environment({VARIABLE: ""}).visitor("127.0.0.1", "192.0.2.1") == "127.0.0.1"


@pytest.mark.parametrize("value", ["proxy.example", "10.0.0.1/8", "10.0.0.1;10.0.0.2", "*"])
def test_a_setting_that_is_no_list_of_addresses_ends_the_start(value: str) -> None:
    with pytest.raises(StartError, match=VARIABLE):
        Origins.from_environment({VARIABLE: value})
