"""Where a customer's address may lead: the internet, and nothing of the operator's own."""

from ipaddress import ip_address, ip_network

import pytest
from optiq.kernel.errors import InvalidError
from optiq.kernel.outside_targets import RefusedAddressError, is_public, target_of
from optiq.notifications.sending.addresses import check_url


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.9.1",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.3.4",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "169.254.170.2",
        "192.0.0.8",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2002:a00:1::",
        "2001:0:4136:e378:8000:63bf:f5ff:fffe",
        "2001:db8::1",
        "64:ff9b:1::1",
        "3fff::1",
        "fec0::1",
        "::7f00:1",
        "168.63.129.16",
    ],
)
def test_an_address_that_is_not_of_the_internet_is_refused(address: str) -> None:
    assert not is_public(ip_address(address))
    with pytest.raises(RefusedAddressError, match="public"):
        target_of("https://hooks.example.com/", resolve=lambda *_: [ip_address(address)])


@pytest.mark.parametrize("address", ["93.184.215.14", "1.1.1.1", "2606:4700:4700::1111", "64:ff9b::101:101"])
def test_an_address_of_the_internet_is_taken(address: str) -> None:
    target = target_of("https://hooks.example.com/a?b=c", resolve=lambda *_: [ip_address(address)])

    assert (target.host, target.port, target.path, str(target.address)) == (
        "hooks.example.com",
        443,
        "/a?b=c",
        str(ip_address(address)),
    )


def test_a_name_with_one_address_inside_is_refused() -> None:
    both = [ip_address("1.1.1.1"), ip_address("10.0.0.1")]

    with pytest.raises(RefusedAddressError):
        target_of("https://hooks.example.com/", resolve=lambda *_: both)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/",
        "https://hooks.example.com:22/",
        "https://hooks.example.com:6379/",
        "http://1.1.1.1:443/",
    ],
)
def test_only_the_webs_ports_are_taken_and_only_https(url: str) -> None:
    with pytest.raises(RefusedAddressError, match="https"):
        target_of(url, resolve=lambda *_: [ip_address("1.1.1.1")])
    # AND nobody is asked for its name
    with pytest.raises(RefusedAddressError, match="https"):
        target_of(url, resolve=lambda *_: pytest.fail("the name was looked up"))


@pytest.mark.parametrize(
    "host",
    ["169.254.169.254", "localhost", "127.1", "0x7f000001", "2130706433", "017700000001", "[::1]", "[::ffff:7f00:1]"],
)
def test_no_spelling_of_this_machine_is_taken(host: str) -> None:
    with pytest.raises((RefusedAddressError, OSError)):
        target_of(f"https://{host}/")


def test_what_the_operator_permits_is_taken_also_by_http() -> None:
    inside = [ip_network("10.1.0.0/16")]

    target = target_of("http://erp.internal:8080/hook", inside, resolve=lambda *_: [ip_address("10.1.2.3")])

    assert (target.scheme, target.port, str(target.address)) == ("http", 8080, "10.1.2.3")
    with pytest.raises(RefusedAddressError):
        target_of("http://erp.internal:8080/hook", inside, resolve=lambda *_: [ip_address("10.2.2.3")])


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks.example.com",
        "ftp://hooks.example.com",
        "file:///etc/passwd",
        "https://",
        "https:///path",
        "https://user:word@hooks.example.com",
        "https://user@hooks.example.com",
        "https://hooks.example.com/#part",
        "https://hooks.example.com:99999/",
        "https://hooks.example.com:0/",
        "https://h\u00f6oks.example.com",
        "https://[::1",
        f"https://hooks.example.com/{'a' * 2000}",
    ],
)
def test_an_address_that_cannot_be_is_named_with_its_field(url: str) -> None:
    with pytest.raises(InvalidError, match=r"^url: must"):
        check_url("url", url)
