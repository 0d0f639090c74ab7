"""Signing in by way of Google and GitHub, against a provider that speaks their protocols over HTTP."""

import hmac
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from joserfc.jwk import RSAKey
from optiq.audit import api as audit
from optiq.identity.people import admission, throttle
from optiq.identity.people import api as people
from optiq.identity.people.contracts import OAuthStart, SecondFactorNeeded, SignedIn
from optiq.kernel.errors import (
    ConflictError,
    ForbiddenError,
    LimitExceededError,
    NotFoundError,
    OptiqError,
    UnauthenticatedError,
    UpstreamError,
)
from optiq.ports import wiring

from tests.functional.identity.people import (
    PASSWORD,
    Someone,
    new_address,
    new_client,
    newest_link,
    refused,
    templates_to,
)
from tests.functional.identity.provider_server import CLIENT_ID, CLIENT_SECRET, Provider, running_provider

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "CACHE_SECONDS", 0)


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    with running_provider() as running:
        client = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
        clients = {
            "GOOGLE": client | {"issuer": running.url},
            "GITHUB": client | {"web": running.url, "api": running.url},
        }
        monkeypatch.setattr(wiring, "oauth_clients", lambda: json.dumps(clients).encode())
        yield running


@pytest.fixture(params=["GOOGLE", "GITHUB"])
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _is(provider: Provider, name: str, address: str, *, subject: int = 0, verified: bool = True) -> None:
    """Who the person is at the provider."""
    subject = subject or time.time_ns()
    if name == "GOOGLE":
        provider.person = {"sub": str(subject), "email": address, "email_verified": verified, "name": "Ann Example"}
    else:
        provider.person = {"id": subject, "login": "ann", "name": "Ann Example", "email": address}
        provider.addresses = [
            {"email": "old@shop.example", "primary": False, "verified": True},
            {"email": address, "primary": True, "verified": verified},
        ]


def _finish(provider: Provider, name: str, start: OAuthStart | None = None, **changes: str) -> Any:
    start = start or people.start_provider_sign_in(name, new_client())
    back = provider.consent(start.url) | {"kept_state": start.state} | changes
    return people.finish_provider_sign_in(name, back["state"], back["kept_state"], back["code"], new_client())


def test_who_comes_first_gets_an_account_and_comes_back_to_it(provider: Provider, name: str) -> None:
    address = new_address()
    _is(provider, name, address)

    first, second = _finish(provider, name), _finish(provider, name)

    assert isinstance(first, SignedIn)
    assert isinstance(second, SignedIn)
    assert first.user.user_id == second.user.user_id
    assert (first.user.email, first.user.name, first.user.has_password) == (address, "Ann Example", False)
    person = people.admit(second.secret)
    assert [linked.provider for linked in people.linked_providers(person)] == [name]
    refused(UnauthenticatedError, lambda: people.sign_in(address, "", new_client()))
    # The first device is no news, another is.
    assert templates_to(address) == ["NEW_DEVICE"]


def test_the_way_there_says_what_the_protocol_asks_for(provider: Provider, name: str) -> None:
    start = people.start_provider_sign_in(name, new_client())

    query = dict(parse_qsl(urlsplit(start.url).query))
    assert query["state"] == start.state
    assert query["redirect_uri"].endswith(f"/v1/sign-in/oauth/{name.lower()}/callback")
    assert len(query["code_challenge"]) == 43
    assert ("nonce" in query) == (name == "GOOGLE")
    assert CLIENT_SECRET not in start.url


def test_one_network_begins_only_so_many_sign_ins(
    provider: Provider, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "PROVIDER_STARTS", replace(throttle.PROVIDER_STARTS, attempts=3))
    client = new_client()
    for _ in range(3):
        people.start_provider_sign_in(name, client)

    refused(LimitExceededError, lambda: people.start_provider_sign_in(name, client))
    people.start_provider_sign_in(name, new_client())


def test_only_the_browser_that_began_may_finish_and_only_once(provider: Provider, name: str) -> None:
    _is(provider, name, new_address())
    for changes in (
        {"state": "op_another"},
        {"kept_state": "op_another"},
        {"kept_state": ""},
        {"state": "", "kept_state": ""},
    ):
        refused(UnauthenticatedError, lambda changes=changes: _finish(provider, name, **changes))

    start = people.start_provider_sign_in(name, new_client())
    assert isinstance(_finish(provider, name, start), SignedIn)
    refused(UnauthenticatedError, lambda: _finish(provider, name, start))
    # Begun at one provider, not finished at another.
    other = "GITHUB" if name == "GOOGLE" else "GOOGLE"
    refused(UnauthenticatedError, lambda: _finish(provider, other, people.start_provider_sign_in(name, new_client())))


def test_a_code_of_another_sign_in_is_of_no_use(provider: Provider, name: str) -> None:
    """PKCE: who injects a stolen code does not have its verifier."""
    _is(provider, name, new_address())
    stolen = provider.consent(people.start_provider_sign_in(name, new_client()).url)["code"]

    refused(UnauthenticatedError, lambda: _finish(provider, name, code=stolen))
    refused(UnauthenticatedError, lambda: _finish(provider, name, code="made up"))


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"exp": int(time.time()) - 3_600},
        {"exp": None},
        {"exp": "tomorrow"},
        {"iat": int(time.time()) + 3_600},
        {"aud": "another-client"},
        {"aud": ["another-client"]},
        {"aud": "another-client", "azp": CLIENT_ID},
        {"aud": None},
        {"iss": "https://accounts.evil.example"},
        {"iss": None},
        {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
        {"sub": None},
    ],
)
def test_an_id_token_for_something_else_is_refused(provider: Provider, claims: dict[str, Any]) -> None:
    _is(provider, "GOOGLE", new_address())
    provider.claims = claims

    refused(OptiqError, lambda: _finish(provider, "GOOGLE"))

    provider.claims = {}
    assert isinstance(_finish(provider, "GOOGLE"), SignedIn)


def test_an_id_token_of_another_signer_is_refused(provider: Provider) -> None:
    _is(provider, "GOOGLE", new_address())

    provider.signer = RSAKey.generate_key(2048, {"kid": "first"})
    refused(UnauthenticatedError, lambda: _finish(provider, "GOOGLE"))
    # The public key, taken for a shared secret.
    public = provider.key.as_pem(private=False)
    provider.algorithm, provider.signer = "HS256", lambda signed: hmac.digest(public, signed, "sha256")
    refused(UnauthenticatedError, lambda: _finish(provider, "GOOGLE"))
    provider.algorithm, provider.signer = "none", None
    refused(UnauthenticatedError, lambda: _finish(provider, "GOOGLE"))


def test_a_provider_may_renew_its_keys(provider: Provider) -> None:
    _is(provider, "GOOGLE", new_address())
    _finish(provider, "GOOGLE")

    provider.key = RSAKey.generate_key(2048, {"kid": "second"})

    assert isinstance(_finish(provider, "GOOGLE"), SignedIn)
    assert provider.requests.count("/keys") == 2
    assert provider.requests.count("/.well-known/openid-configuration") == 1


def test_an_address_that_is_not_verified_makes_no_account(provider: Provider, name: str) -> None:
    address = new_address()
    _is(provider, name, address, verified=False)

    refused(ForbiddenError, lambda: _finish(provider, name))

    assert templates_to(address) == []


@pytest.mark.parametrize("said", ["true", 1, None])
def test_only_a_plain_yes_verifies_an_address(provider: Provider, said: object) -> None:
    _is(provider, "GOOGLE", new_address())
    provider.claims = {"email_verified": said}

    refused(ForbiddenError, lambda: _finish(provider, "GOOGLE"))


def test_an_account_is_never_taken_over_by_its_address(provider: Provider, name: str) -> None:
    victim = Someone()
    _is(provider, name, victim.address.upper())

    refused(ConflictError, lambda: _finish(provider, name))

    assert people.linked_providers(victim.person) == []


def test_a_person_who_is_signed_in_links_an_account(provider: Provider, name: str) -> None:
    ann = Someone()
    _is(provider, name, new_address())
    refused(ForbiddenError, lambda: people.start_linking(ann.person, name, "not the password"))

    assert _finish(provider, name, people.start_linking(ann.person, name, PASSWORD)) is None

    signed_in = _finish(provider, name)
    assert isinstance(signed_in, SignedIn)
    assert signed_in.user.user_id == ann.user_id
    assert audit.entries(ann.user_id).items[1].change.action == "provider.linked"
    # One of a provider is enough, and of one account there one person.
    start = people.start_linking(ann.person, name, PASSWORD)
    refused(ConflictError, lambda: _finish(provider, name, start))
    bob = Someone()
    start = people.start_linking(bob.person, name, PASSWORD)
    refused(ConflictError, lambda: _finish(provider, name, start))


def test_an_account_that_was_let_go_signs_nobody_in(provider: Provider, name: str) -> None:
    ann = Someone()
    _is(provider, name, ann.address)
    _finish(provider, name, people.start_linking(ann.person, name, PASSWORD))
    refused(ForbiddenError, lambda: people.unlink_provider(ann.person, name, "not the password", ann.client))

    people.unlink_provider(ann.person, name, PASSWORD, ann.client)

    refused(ConflictError, lambda: _finish(provider, name))
    refused(NotFoundError, lambda: people.unlink_provider(ann.person, name, PASSWORD, ann.client))
    # And it may be linked again.
    assert _finish(provider, name, people.start_linking(ann.person, name, PASSWORD)) is None


def test_linking_that_was_begun_ends_with_the_session(provider: Provider, name: str) -> None:
    ann = Someone()
    _is(provider, name, new_address())
    start = people.start_linking(ann.person, name, PASSWORD)
    people.revoke_all_sessions(ann.person, ann.client)

    refused(UnauthenticatedError, lambda: _finish(provider, name, start))


def test_a_provider_does_not_pass_by_the_second_factor(provider: Provider, name: str) -> None:
    ann = Someone()
    _is(provider, name, new_address())
    _finish(provider, name, people.start_linking(ann.person, name, PASSWORD))
    ann.turn_on_two_factor()

    needed = _finish(provider, name)

    assert isinstance(needed, SecondFactorNeeded)
    done = people.second_factor(needed.challenge, ann.next_code(), ann.client, ann.clock)
    assert done.user.user_id == ann.user_id


def test_a_person_without_a_password_can_have_one(provider: Provider, name: str) -> None:
    address = new_address()
    _is(provider, name, address)
    person = people.admit(_finish(provider, name).secret)

    signed_in = people.change_password(person, "", PASSWORD, new_client())

    assert signed_in.user.has_password
    assert isinstance(people.sign_in(address, PASSWORD, new_client()), SignedIn)
    people.request_magic_link(address, new_client())
    assert isinstance(people.redeem_magic_link(newest_link(address), new_client()), SignedIn)


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/token", (200, b"no json")),
        ("/token", (200, b"[]")),
        ("/token", (200, b"{}")),
        ("/token", (500, b"{}")),
        ("/token", (302, b"http://127.0.0.1:9/")),
        ("/token", (400, b'{"error": "invalid_grant", "error_description": "secret words"}')),
        ("/token", (200, b'{"access_token": "a", "token_type": "Bearer", "id_token": "a.b.c"}')),
        ("/token", (200, b'{"access_token": "a", "token_type": "Bearer"}')),
        ("/keys", (200, b"no json")),
        ("/keys", (200, b'{"keys": []}')),
        ("/keys", (404, b"{}")),
        ("/.well-known/openid-configuration", (200, b'{"issuer": "https://accounts.evil.example"}')),
        ("/.well-known/openid-configuration", (200, b"{}")),
        ("/.well-known/openid-configuration", (302, b"http://127.0.0.1:9/")),
        ("/.well-known/openid-configuration", (503, b"")),
    ],
)
def test_what_a_provider_does_wrong_is_an_error_of_ours_by_name(
    provider: Provider, path: str, answer: tuple[int, bytes]
) -> None:
    _is(provider, "GOOGLE", new_address())
    provider.broken = {path: answer}

    with pytest.raises((UnauthenticatedError, UpstreamError)) as raised:
        _finish(provider, "GOOGLE")

    assert "secret words" not in str(raised.value)


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/login/oauth/access_token", (200, b'{"error": "bad_verification_code"}')),
        ("/login/oauth/access_token", (200, b"access_token=a&token_type=bearer")),
        ("/user", (200, b"[]")),
        ("/user", (200, b'{"id": null}')),
        ("/user", (200, b'{"id": true}')),
        ("/user", (500, b"")),
        ("/user/emails", (200, b"{}")),
        ("/user/emails", (200, b'[{"email": "a@shop.example"}]')),
        ("/user/emails", (403, b"{}")),
    ],
)
def test_what_github_does_wrong_is_an_error_of_ours_by_name(
    provider: Provider, path: str, answer: tuple[int, bytes]
) -> None:
    _is(provider, "GITHUB", new_address())
    provider.broken = {path: answer}

    with pytest.raises((UnauthenticatedError, UpstreamError, ForbiddenError)):
        _finish(provider, "GITHUB")


def test_a_provider_that_cannot_be_reached_is_said_to_be_so(provider: Provider) -> None:
    start = people.start_provider_sign_in("GITHUB", new_client())
    back = provider.consent(start.url)
    provider.url = "gone"
    clients = {
        "GITHUB": {"client_id": "a", "client_secret": "b", "web": "http://127.0.0.1:9", "api": "http://127.0.0.1:9"}
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wiring, "oauth_clients", lambda: json.dumps(clients).encode())
        with pytest.raises(UpstreamError) as raised:
            people.finish_provider_sign_in("GITHUB", start.state, start.state, back["code"], new_client())

    assert raised.value.retryable


@pytest.mark.parametrize("name_", ["FACEBOOK", "", "google"])
def test_only_providers_we_are_clients_of_are_there(provider: Provider, name_: str) -> None:
    refused(NotFoundError, lambda: people.start_provider_sign_in(name_, new_client()))
