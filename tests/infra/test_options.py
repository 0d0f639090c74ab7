"""What whoever deploys chooses by context values (docs/aws.md)."""

from pathlib import Path

import pytest
from constructs import Node

from infra.aws.options import options_of
from tests.infra.conftest import Stack, read_stacks


class _Node:
    """The context of a deployment."""

    def __init__(self, **values: str) -> None:
        self._values = values

    def try_get_context(self, name: str) -> str | None:
        return self._values.get(name)


@pytest.fixture
def stacks_with_options(with_options: Path) -> dict[str, Stack]:
    return read_stacks(with_options)


def test_every_function_knows_who_may_sign_up(stacks_with_options: dict[str, Stack]) -> None:
    functions = [
        one for stack in stacks_with_options.values() for one in stack.of_type("AWS::Lambda::Function").values()
    ]

    assert {one["Environment"]["Variables"]["OPTIQ_SIGN_UP"] for one in functions} == {"invited"}


def test_the_api_has_its_domain_with_tls_1_2_and_no_other_address(stacks_with_options: dict[str, Stack]) -> None:
    (domain,) = stacks_with_options["OptiqStage"].of_type("AWS::ApiGatewayV2::DomainName").values()
    (api,) = stacks_with_options["OptiqEdge"].of_type("AWS::ApiGatewayV2::Api").values()

    assert domain["DomainName"] == "optiq.example.com"
    assert domain["DomainNameConfigurations"][0]["SecurityPolicy"] == "TLS_1_2"
    assert api["DisableExecuteApiEndpoint"] is True
    addresses = [
        one["Value"]
        for one in stacks_with_options["OptiqEdge"].of_type("AWS::SSM::Parameter").values()
        if one["Name"] == "/optiq/address"
    ]
    assert addresses == ["https://optiq.example.com"]


def test_alarms_are_mailed_when_an_address_is_given(stacks_with_options: dict[str, Stack]) -> None:
    (subscription,) = stacks_with_options["OptiqEdge"].of_type("AWS::SNS::Subscription").values()

    assert (subscription["Protocol"], subscription["Endpoint"]) == ("email", "ops@example.org")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"signUp": "closed"}, "OPTIQ_SIGN_UP must be"),
        ({"domain": "https://optiq.example.com", "certificate": "x"}, "-c domain="),
        ({"domain": "optiq.example.com"}, "belong together"),
        ({"alarmMail": "ops"}, "-c alarmMail="),
    ],
)
def test_a_value_that_cannot_be_stops_the_synthesis_by_its_name(values: dict[str, str], message: str) -> None:
    node: Node = _Node(**values)  # type: ignore[assignment]
    with pytest.raises(ValueError, match=message):
        options_of(node)
