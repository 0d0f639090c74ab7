"""Requests of two tenants in many threads at once, on every resolver of the API: each gets its own answer."""

import json
import random
import re
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest

from functions.identity import authorizer
from infra.local.handlers import Context, load
from infra.local.http_event import to_authorizer_event
from infra.routes import routes
from tests.functional.reports.http import request
from tests.functional.tenancy.api_document import Operation, operations
from tests.functional.tenancy.organizations import Company, one_of_each
from tests.functional.things import EVERYBODYS

pytestmark = pytest.mark.usefixtures("table")

_THREADS, _ROUNDS = 8, 3
_GUARDED = [each for each in operations() if not (each.route.is_open or each.route.operator)]


@dataclass(frozen=True)
class Ask:
    """One request of one tenant."""

    tenant: str
    operation: Operation
    event: dict[str, Any]

    @property
    def key(self) -> str:
        return self.operation.route.key

    def __call__(self) -> tuple[int, str]:
        handler = self.operation.route.handler
        answer = load(handler)(json.loads(json.dumps(self.event)), Context(handler, "the same"))
        # Answers say as of when they are true, and the live view which minutes it shows: moments of the request.
        return answer["statusCode"], re.sub(r'"[0-9-]+T[0-9:.]+Z"', "", answer.get("body", ""))


class Tenant:
    def __init__(self) -> None:
        company = Company()
        self.organization_id = company.organization_id
        self.ids = one_of_each(company)
        self._cookies = [f"__Host-optiq={company.owner.signed_in.secret}"]

    def reads(self) -> list[Ask]:
        return [self._ask(each, "") for each in _GUARDED if each.route.method == "GET"]

    def mistakes(self) -> list[Ask]:
        """Bodies that no route takes, with a field that names the tenant."""
        body = json.dumps({self.organization_id: 1})
        return [self._ask(each, body) for each in _GUARDED if each.body is not None]

    def _ask(self, operation: Operation, body: str) -> Ask:
        path = operation.path({"session_id": "s", "key_id": "k", "provider": "google", **self.ids})
        event = self._event(operation.route.method, path, body) | {"routeKey": operation.route.key}
        judged = authorizer.handler(to_authorizer_event(event), None)
        event["requestContext"]["authorizer"] = {"lambda": judged["context"]}
        return Ask(self.organization_id, operation, event)

    def _event(self, method: str, path: str, body: str) -> dict[str, Any]:
        event = request(path, self.organization_id, method=method, body=body)
        event["cookies"] = self._cookies
        event["headers"] |= {"host": "optiq.example", "origin": "https://optiq.example", "user-agent": "test"}
        event["requestContext"] |= {"requestId": "the same", "domainName": "optiq.example"}
        event["requestContext"]["http"]["sourceIp"] = "192.0.2.7"
        return event


@pytest.fixture(scope="module")
def tenants(table: object) -> tuple[Tenant, Tenant]:
    return Tenant(), Tenant()


@pytest.fixture
def eager_switching() -> Iterator[None]:
    """Lets threads interrupt each other almost anywhere."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(usual)


def _interleaved(asks: list[Ask]) -> list[tuple[Ask, tuple[int, str]]]:
    """Every request several times, those of the tenants mixed, with what each was answered."""
    mixed = asks * _ROUNDS
    random.Random(5).shuffle(mixed)
    with ThreadPoolExecutor(_THREADS) as threads:
        return list(zip(mixed, threads.map(lambda ask: ask(), mixed), strict=True))


def test_reads_of_two_tenants_at_once_are_answered_as_alone(
    tenants: tuple[Tenant, Tenant], eager_switching: None
) -> None:
    # GIVEN what each of two tenants is answered alone, on every resolver
    asks = [ask for tenant in tenants for ask in tenant.reads()]
    alone = {(ask.tenant, ask.key): ask() for ask in asks}
    assert {ask.operation.route.handler for ask in asks} == {
        route.handler for route in routes() if not (route.is_open or route.operator) and route.method == "GET"
    }
    assert sum(status == 200 for status, _ in alone.values()) > len(alone) / 2
    assert not [key for key, (status, body) in alone.items() if status >= 500]

    # WHEN they ask at once THEN each is answered the same
    different = {ask.key: answer for ask, answer in _interleaved(asks) if answer != alone[ask.tenant, ask.key]}
    assert different == {}

    # AND nothing in it is the other's
    first, second = tenants
    for mine, other in ((first, second), (second, first)):
        bodies = [body for (tenant, _), (_, body) in alone.items() if tenant == mine.organization_id]
        assert not [body for body in bodies if any(value in body for value in _own(other.ids))]


def test_mistakes_of_two_tenants_at_once_are_each_told_to_who_made_them(
    tenants: tuple[Tenant, Tenant], eager_switching: None
) -> None:
    # GIVEN requests that are refused because of a field that names the tenant
    tried = [(ask, ask()) for tenant in tenants for ask in tenant.mistakes()]
    asks = [ask for ask, (status, body) in tried if status == 400 and ask.tenant in body]
    assert len(asks) > 30
    assert len({ask.operation.route.handler for ask in asks}) >= 6

    # WHEN they are made at once THEN each is told its own
    others = {
        tenants[0].organization_id: tenants[1].organization_id,
        tenants[1].organization_id: tenants[0].organization_id,
    }
    for ask, (status, body) in _interleaved(asks):
        assert (status, ask.tenant in body, others[ask.tenant] in body) == (400, True, False), (ask.key, body)


def _own(ids: Mapping[str, str]) -> list[str]:
    """What names a tenant's own things."""
    return [value for name, value in ids.items() if name not in EVERYBODYS]
