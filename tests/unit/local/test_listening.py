"""The address at which people reach a system on one machine."""

import pytest

from infra.local.home import StartError
from infra.local.listening import public_url


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "http://localhost:8080"),
        ({"OPTIQ_PUBLIC_URL": ""}, "http://localhost:8080"),
        ({"OPTIQ_PUBLIC_URL": "https://optiq.example.com"}, "https://optiq.example.com"),
        ({"OPTIQ_PUBLIC_URL": "https://optiq.example.com:8443/"}, "https://optiq.example.com:8443"),
    ],
)
def test_public_url_is_the_named_one_or_this_machines(environment: dict[str, str], expected: str) -> None:
    assert public_url(8080, environment) == expected


@pytest.mark.parametrize(
    "named", ["optiq.example.com", "ftp://optiq.example.com", "https://", "https://a.example/optiq"]
)
def test_public_url_that_is_no_hosts_address_stops_the_start(named: str) -> None:
    with pytest.raises(StartError, match="OPTIQ_PUBLIC_URL: must be"):
        public_url(8080, {"OPTIQ_PUBLIC_URL": named})
