"""Ingestion tokens: what they may do, from where, until when, and whose they are."""

import base64
import json
from types import SimpleNamespace
from typing import Any

import pytest
from optiq.audit import api as audit
from optiq.collect.ingest import api as ingest
from optiq.identity import api as identity
from optiq.kernel import clock as kernel_clock
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, SECOND_MS, system_clock, to_rfc3339
from optiq.kernel.errors import InvalidError, UnauthenticatedError
from optiq.kernel.secrets import digest_of
from optiq.tenancy.contracts import NewSite
from types_boto3_dynamodb import DynamoDBClient

from functions.collect import measurement, segment
from functions.collect.senders import known_organization
from functions.identity import authorizer
from infra.local.http_event import add_body, to_event
from infra.local.origin import VARIABLE, Origins
from tests.functional.identity.conftest import ask, make_token, track
from tests.functional.pipeline import Pipeline
from tests.functional.senders import request, send_beacon, send_segment
from tests.support.counting import around_today


class _Time:
    """The clocks of the identity context, moved by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._start_ms = kernel_clock.system_clock()
        self.passed_seconds = 0.0
        monkeypatch.setattr(identity, "time", SimpleNamespace(monotonic=lambda: 1_000 + self.passed_seconds))
        monkeypatch.setattr(identity, "system_clock", self.now_ms)

    def now_ms(self) -> int:
        return self._start_ms + int(self.passed_seconds * SECOND_MS)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> _Time:
    return _Time(monkeypatch)


def _tokens(site: NewSite, **query: str) -> Any:
    status, document = ask(site, "GET", f"/v1/sites/{site.site.site_id}/tokens", query=query)
    assert status == 200
    return document


def _revoke(as_whom: NewSite, site: NewSite, token_id: str) -> int:
    status, _ = ask(as_whom, "DELETE", f"/v1/sites/{site.site.site_id}/tokens/{token_id}")
    return int(status)


def _failed(site: NewSite) -> list[str]:
    found = ingest.failed_events(Caller.system(site.site.organization_id), site.site.site_id, limit=10, cursor=None)
    return [event.reason for event in found.items]


def test_a_token_sends_and_its_secret_is_shown_and_kept_nowhere(site: NewSite, table: DynamoDBClient) -> None:
    made = make_token(site)

    assert track(made["secret"])[0] == 200
    listed = _tokens(site)["items"][0]
    assert made["secret"].startswith(listed["prefix"])
    assert listed == made["token"]
    assert made["secret"] not in json.dumps(_tokens(site))
    stored = table.scan(TableName="optiq-test")["Items"]
    assert made["secret"] not in json.dumps(stored, default=str)
    assert digest_of(made["secret"]) in json.dumps(stored, default=str)


def test_a_new_site_has_a_token_that_sends_and_imports(site: NewSite) -> None:
    (first,) = _tokens(site)["items"]

    assert first["name"] == "first"
    assert first["scopes"] == ["ingest", "import"]
    assert track(site.write_key, timestamp="2020-01-05T10:00:00Z")[0] == 200


def test_names_are_unique_among_a_sites_living_tokens(site: NewSite, other: NewSite) -> None:
    made = make_token(site, name="orders")

    status, problem = ask(site, "POST", f"/v1/sites/{site.site.site_id}/tokens", {"name": " orders "})
    assert (status, problem["title"]) == (409, "Conflict")
    make_token(other, name="orders")

    # A revoked one gives its name up, and revoking it again does not take it from its successor.
    assert _revoke(site, site, made["token"]["token_id"]) == 204
    make_token(site, name="orders")
    assert _revoke(site, site, made["token"]["token_id"]) == 204
    assert ask(site, "POST", f"/v1/sites/{site.site.site_id}/tokens", {"name": "orders"})[0] == 409


@pytest.mark.parametrize(
    "said",
    [
        {"name": " "},
        {"name": "n" * 101},
        {"name": "orders\r\nof last year"},
        {"name": "\u202eorders"},
        {"name": "n", "scopes": []},
        {"name": "n", "scopes": ["manage"]},
        {"name": "n", "ip_allowlist": ["203.0.113.9/24"]},
        {"name": "n", "expires_at": "2020-01-01T00:00:00Z"},
        {"name": "n", "expires_at": "tomorrow"},
        {"scopes": ["ingest"]},
    ],
)
def test_a_token_that_cannot_be_is_refused(site: NewSite, said: dict[str, object]) -> None:
    status, problem = ask(site, "POST", f"/v1/sites/{site.site.site_id}/tokens", said)

    assert status == 400
    assert problem["detail"]
    assert len(_tokens(site)["items"]) == 1


def test_a_revoked_token_is_refused_within_a_minute(site: NewSite, time: _Time) -> None:
    made = make_token(site)
    assert track(made["secret"])[0] == 200

    _revoke(site, site, made["token"]["token_id"])
    time.passed_seconds = identity.CACHE_SECONDS - 1
    assert track(made["secret"])[0] == 200

    time.passed_seconds = identity.CACHE_SECONDS
    status, problem = track(made["secret"])
    assert (status, problem["detail"]) == (401, "the key was revoked")
    assert identity.CACHE_SECONDS <= 60
    assert _tokens(site)["items"][0]["revoked_at"] is not None


def test_a_token_expires_to_the_second_though_it_was_known(site: NewSite, time: _Time) -> None:
    made = make_token(site, expires_at=to_rfc3339(time.now_ms() + 20 * SECOND_MS))
    assert track(made["secret"])[0] == 200

    time.passed_seconds = 19
    assert track(made["secret"])[0] == 200

    time.passed_seconds = 20
    status, problem = track(made["secret"])
    assert (status, problem["detail"]) == (401, "the key has expired")


@pytest.mark.parametrize(("ip", "status"), [("203.0.113.9", 200), ("2001:db8::7", 200), ("198.51.100.1", 403)])
def test_a_token_is_good_in_its_networks_only(site: NewSite, ip: str, status: int) -> None:
    made = make_token(site, ip_allowlist=["203.0.113.0/24", "2001:db8::/32"])

    assert track(made["secret"], ip=ip)[0] == status


@pytest.mark.parametrize(
    ("proxies", "allowed"), [({}, False), ({VARIABLE: ""}, False), ({VARIABLE: "127.0.0.1"}, True)]
)
@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "203.0.113.1"])
@pytest.mark.parametrize("route", [segment, measurement])
def test_a_network_is_no_proxys_word_unless_the_operator_names_the_proxy(
    site: NewSite, route: Any, peer: str, proxies: dict[str, str], allowed: bool
) -> None:
    secret = make_token(site, ip_allowlist=["192.0.2.0/24"])["secret"]
    origins = Origins.from_environment(proxies)
    body, path, query = b'{"userId": "u", "event": "E"}', "/v1/track", b""
    if route is measurement:
        body, path = b'{"client_id": "1.2", "events": [{"name": "E"}]}', "/mp/collect"
        query = f"measurement_id=G-1&api_secret={secret}".encode()
    key = base64.b64encode(f"{secret}:".encode())
    headers = [(b"x-forwarded-for", b"192.0.2.7"), (b"authorization", b"Basic " + key)]
    scope = {"headers": headers, "client": (peer, 1), "path": path, "query_string": query}
    scope |= {"method": "POST", "http_version": "1.1"}

    event = to_event(scope, "r1", f"POST {path}", {}, origins.caller, origins.visitor)
    add_body(event, body)
    status = route.handler(event, None)["statusCode"]

    assert (status < 300) == (allowed and peer == "127.0.0.1")
    assert status < 300 or status == 403 or route is measurement


@pytest.mark.parametrize("way", ["authorization", "api_secret"])
def test_a_senders_organization_is_known_without_a_look_up_once_its_token_was_used(
    site: NewSite, time: _Time, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    made = make_token(site, ip_allowlist=["203.0.113.0/24"])

    def known(secret: str = made["secret"], ip: str = "203.0.113.9") -> str:
        basic = {"authorization": "Basic " + base64.b64encode(f"{secret}:".encode()).decode()}
        named = (basic, "") if way == "authorization" else ({}, f"measurement_id=G-1&api_secret={secret}")
        event = request("POST", "/v1/track", "{}", *named)
        event["requestContext"]["http"]["sourceIp"] = ip
        with monkeypatch.context() as without_table:
            without_table.setattr(identity, "CREDENTIALS", None)
            return known_organization(event)

    assert known() == ""
    assert track(made["secret"])[0] == 200

    assert known() == site.site.organization_id
    # Who got hold of the key elsewhere takes nothing of the organization's turns.
    assert known(ip="198.51.100.1") == ""
    assert known(made["secret"] + "x") == ""
    time.passed_seconds = identity.CACHE_SECONDS
    assert known() == ""


def test_what_came_from_elsewhere_is_a_failed_event_of_the_site_without_the_address(site: NewSite) -> None:
    made, pipeline = make_token(site, ip_allowlist=["192.0.2.0/24"]), Pipeline()

    status, problem = track(made["secret"], ip="198.51.100.1")
    pipeline.drain()

    assert (status, problem["title"]) == (403, "Forbidden")
    assert _failed(site) == ["the token may not be used from this address"]
    assert "198.51.100.1" not in json.dumps(problem)
    assert _tokens(site)["items"][0]["last_used_at"] is None


def test_a_token_without_ingest_cannot_send(site: NewSite) -> None:
    made, pipeline = make_token(site, scopes=["import"]), Pipeline()

    status, problem = track(made["secret"])
    pipeline.drain()

    assert status == 403
    assert "'ingest'" in problem["detail"]
    assert _failed(site) == ["the token may not send events: it lacks the scope 'ingest'"]


def test_history_needs_the_scope_import(site: NewSite) -> None:
    made, pipeline = make_token(site, scopes=["ingest"]), Pipeline()
    now = system_clock()

    assert track(made["secret"], timestamp=to_rfc3339(now - 29 * DAY_MS))[0] == 200
    status, problem = track(made["secret"], timestamp=to_rfc3339(now - 31 * DAY_MS))
    pipeline.drain()

    assert status == 400
    assert "'import'" in problem["detail"]
    assert _failed(site) == [problem["detail"]]


def test_use_is_counted_by_token_and_day_exactly(site: NewSite) -> None:
    made, pipeline = make_token(site), Pipeline()
    for number in range(5):
        track(made["secret"], messageId=f"m{number}")
    track(made["secret"], messageId="m1")
    track(made["secret"], properties={"revenue": "much"})
    send_segment(site, "track", {"userId": "u", "event": "E"})
    send_beacon(site, {})
    # A batch that is delivered again is not counted again.
    from functions.journeys import on_events

    for batch in pipeline.batches("journeys"):
        on_events.handler(batch, None)
    pipeline.drain(size=3)

    new, first = _tokens(site)["items"]
    yesterday, tomorrow = (day.isoformat() for day in around_today())
    for token, events in ((new, 7), (first, 1)):
        # Across midnight they are of two days.
        assert sum(used["events"] for used in token["usage"]) == events
        assert all(yesterday <= used["day"] <= tomorrow for used in token["usage"])
    assert new["last_used_at"] > new["created_at"]


def test_counting_use_costs_no_write(site: NewSite, table: DynamoDBClient, monkeypatch: pytest.MonkeyPatch) -> None:
    made, pipeline = make_token(site), Pipeline()
    writes: list[str] = []
    from botocore.client import BaseClient

    call = BaseClient._make_api_call

    def counted(self: Any, operation: str, arguments: Any) -> Any:
        writes.extend([operation] if operation in ("PutItem", "UpdateItem", "TransactWriteItems") else [])
        return call(self, operation, arguments)

    monkeypatch.setattr(BaseClient, "_make_api_call", counted)
    for number in range(50):
        track(made["secret"], messageId=f"m{number}")
    assert writes == []

    pipeline.drain()
    assert writes.count("UpdateItem") == 1


def test_a_public_key_can_only_collect(site: NewSite) -> None:
    assert track(site.public_key)[0] == 401
    with pytest.raises(UnauthenticatedError):
        identity.authenticate_manager(site.public_key)
    event = {"routeKey": "GET /v1/sites/{site_id}", "headers": {"authorization": f"Bearer {site.public_key}"}}
    assert authorizer.handler(event, None) == {"isAuthorized": False}
    assert send_beacon(site, {})["statusCode"] == 202


def test_a_token_opens_no_management_route_and_an_api_key_sends_nothing(site: NewSite) -> None:
    event = {"routeKey": "GET /v1/sites/{site_id}", "headers": {"authorization": f"Bearer {site.write_key}"}}
    assert authorizer.handler(event, None) == {"isAuthorized": False}
    assert track(site.api_key)[0] == 401
    good = authorizer.handler(event | {"headers": {"authorization": f"Bearer {site.api_key}"}}, None)
    assert good["context"]["organization_id"] == site.site.organization_id


def test_nobody_else_sees_makes_or_revokes_a_sites_tokens(site: NewSite, other: NewSite) -> None:
    made = make_token(site)
    path = f"/v1/sites/{site.site.site_id}/tokens"

    assert ask(other, "GET", path)[0] == 404
    assert ask(other, "POST", path, {"name": "mine"})[0] == 404
    assert _revoke(other, site, made["token"]["token_id"]) == 404
    # Nor by naming one's own site and another's token.
    assert _revoke(other, other, made["token"]["token_id"]) == 404
    assert track(made["secret"])[0] == 200
    assert len(_tokens(site)["items"]) == 2


def test_tokens_are_listed_in_pages_newest_first(site: NewSite) -> None:
    for number in range(4):
        make_token(site, name=f"token {number}")

    names, cursor = [], {}
    while True:
        page = _tokens(site, limit="2", **cursor)
        names += [token["name"] for token in page["items"]]
        if not page["cursor"]:
            break
        cursor = {"cursor": page["cursor"]}

    assert names == ["token 3", "token 2", "token 1", "token 0", "first"]
    with pytest.raises(InvalidError):
        identity.list_tokens(Caller.system(site.site.organization_id), site.site.site_id, cursor="elsewhere")


def test_the_book_says_who_made_and_revoked_a_token_and_never_its_secret(site: NewSite) -> None:
    made = make_token(site, name="orders", ip_allowlist=["192.0.2.0/24"])

    ask(site, "DELETE", f"/v1/sites/{site.site.site_id}/tokens/{made['token']['token_id']}")

    page = audit.entries_of_entity(site.site.organization_id, made["token"]["token_id"])
    revoked, created = (entry.change for entry in page.items)
    assert [created.action, revoked.action] == ["token.created", "token.revoked"]
    assert (created.after["name"], created.after["ip_allowlist"]) == ("orders", ["192.0.2.0/24"])
    assert created.origin.network
    assert made["secret"] not in str(page)
