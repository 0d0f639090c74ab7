"""Google (OpenID Connect, by discovery) and GitHub (OAuth 2, and its API for addresses) as ones who vouch for people.

OAuth 2.1's authorization code flow: PKCE with S256, a state of ours, and a nonce where there is an ID token. Of
authlib's parts the session, PKCE and the ID token's claims are used; the audience, which its own client does not
check, is checked here. Nothing a provider gives us is kept but what is in ProviderAccount.
"""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

from optiq.kernel.errors import NotFoundError, UnauthenticatedError, UpstreamError
from optiq.ports import wiring

if TYPE_CHECKING:
    from authlib.integrations.requests_client import OAuth2Session
    from joserfc.jwk import KeySetSerialization

ProviderName = Literal["GOOGLE", "GITHUB"]
_SECONDS = 10.0
_METADATA_SECONDS = 3_600
_LEEWAY_SECONDS = 60
_DEFAULTS: Mapping[ProviderName, Mapping[str, str]] = {
    "GOOGLE": {"issuer": "https://accounts.google.com"},
    "GITHUB": {"web": "https://github.com", "api": "https://api.github.com"},
}
_SCOPES: Mapping[ProviderName, str] = {"GOOGLE": "openid email profile", "GITHUB": "read:user user:email"}
_metadata: dict[str, tuple[float, dict[str, Any]]] = {}
_key_sets: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class ProviderAccount:
    """Who somebody is at a provider. `email` is "" unless the provider says that it is verified."""

    subject: str
    email: str
    name: str


@dataclass(frozen=True, slots=True)
class Handshake:
    """What belongs to one sign-in: where the provider sends the person back, and what it must come back with."""

    redirect_uri: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider we are a client of. `addresses` says where it is."""

    name: ProviderName
    client_id: str
    client_secret: str
    addresses: Mapping[str, str]

    def authorization_url(self, handshake: Handshake) -> str:
        """Where to send the person. Raises UpstreamError."""
        with _answers(), self._session(handshake) as session:
            nonce = {"nonce": handshake.nonce} if self.name == "GOOGLE" else {}
            url, _ = session.create_authorization_url(
                self._endpoint("authorization_endpoint", "/login/oauth/authorize"),
                state=handshake.state,
                code_verifier=handshake.verifier,
                **nonce,
            )
            return str(url)

    def account(self, handshake: Handshake, code: str) -> ProviderAccount:
        """Who came back with `code`.

        Raises:
            UnauthenticatedError: the code or what it stands for is not good. UpstreamError: the provider failed.
        """
        with _answers(), self._session(handshake) as session:
            token = session.fetch_token(
                self._endpoint("token_endpoint", "/login/oauth/access_token"),
                code=code,
                grant_type="authorization_code",
                code_verifier=handshake.verifier,
                headers={"accept": "application/json"},
            )
            if self.name == "GOOGLE":
                return self._from_id_token(token, handshake)
            return self._from_api(session)

    def _session(self, handshake: Handshake) -> "OAuth2Session":
        from authlib.integrations.requests_client import OAuth2Session

        session = OAuth2Session(
            self.client_id,
            self.client_secret,
            scope=_SCOPES[self.name],
            redirect_uri=handshake.redirect_uri,
            code_challenge_method="S256",
            default_timeout=_SECONDS,
        )
        # Neither a provider's endpoints nor its keys are elsewhere than it says.
        session.max_redirects = 0
        return session

    def _endpoint(self, name: str, path: str) -> str:
        if self.name == "GITHUB":
            return self.addresses["web"] + path
        return str(_discover(self.addresses["issuer"])[name])

    def _from_id_token(self, token: Mapping[str, Any], handshake: Handshake) -> ProviderAccount:
        from authlib.oidc.core import CodeIDToken

        issuer = self.addresses["issuer"]
        signed = _decode(token["id_token"], _discover(issuer)["jwks_uri"])
        claims = CodeIDToken(
            signed.claims,
            signed.header,
            {
                "iss": {"essential": True, "value": issuer},
                "aud": {"essential": True, "value": self.client_id},
                "sub": {"essential": True},
                "nonce": {"essential": True, "value": handshake.nonce},
            },
            {"nonce": handshake.nonce, "client_id": self.client_id, "access_token": token.get("access_token")},
        )
        claims.validate(leeway=_LEEWAY_SECONDS)
        email = claims.get("email") if claims.get("email_verified") is True else ""
        return ProviderAccount(_subject(claims["sub"]), str(email or ""), str(claims.get("name") or ""))

    def _from_api(self, session: "OAuth2Session") -> ProviderAccount:
        user = _object(session.get(f"{self.addresses['api']}/user"))
        addresses = session.get(f"{self.addresses['api']}/user/emails")
        addresses.raise_for_status()
        verified = [entry for entry in addresses.json() if entry["verified"] is True]
        primary = next((entry["email"] for entry in verified if entry["primary"] is True), "")
        return ProviderAccount(_subject(user["id"]), str(primary), str(user.get("name") or user.get("login") or ""))


def get_provider(name: str) -> Provider:
    """Raises NotFoundError for one we are no client of."""
    for known, client in _clients().items():
        if known == name:
            return Provider(known, client["client_id"], client["client_secret"], {**_DEFAULTS[known], **client})
    raise NotFoundError("there is no such sign-in here")


def offered_providers() -> tuple[ProviderName, ...]:
    """Those we are a client of."""
    return tuple(_clients())


def _clients() -> dict[ProviderName, Mapping[str, str]]:
    configured = json.loads(wiring.oauth_clients())
    return {known: configured[known] for known in _DEFAULTS if configured.get(known)}


def _discover(issuer: str) -> dict[str, Any]:
    """A provider's metadata, as old as an hour at most (OpenID Connect Discovery 1.0)."""
    import requests

    known = _metadata.get(issuer)
    if known is not None and known[0] > time.monotonic():
        return known[1]
    address = f"{issuer}/.well-known/openid-configuration"
    found = _object(requests.get(address, timeout=_SECONDS, allow_redirects=False))
    if found["issuer"] != issuer:
        raise UpstreamError("the provider says that it is another", retryable=False)
    _metadata[issuer] = (time.monotonic() + _METADATA_SECONDS, found)
    return found


def _decode(id_token: str, jwks_uri: str) -> Any:
    """The token's header and claims, once its signature is good. A key we do not know is looked for once."""
    from joserfc import jwt
    from joserfc.errors import InvalidKeyIdError
    from joserfc.jws import JWSRegistry

    registry = JWSRegistry(algorithms=["RS256"], strict_check_header=False)
    if jwks_uri in _key_sets:
        try:
            return jwt.decode(id_token, _key_sets[jwks_uri], registry=registry)
        except InvalidKeyIdError:
            pass
    _key_sets[jwks_uri] = _fetch_keys(jwks_uri)
    return jwt.decode(id_token, _key_sets[jwks_uri], registry=registry)


def _fetch_keys(jwks_uri: str) -> Any:
    import requests
    from joserfc.jwk import KeySet

    answer = requests.get(jwks_uri, timeout=_SECONDS, allow_redirects=False)
    return KeySet.import_key_set(cast("KeySetSerialization", _object(answer)))


def _object(answer: Any) -> dict[str, Any]:
    answer.raise_for_status()
    found = answer.json()
    if not isinstance(found, dict):
        raise TypeError("not an object")
    return found


def _subject(value: object) -> str:
    if not isinstance(value, str | int) or isinstance(value, bool) or value in ("", 0):
        raise ValueError("no subject")
    return str(value)


@contextmanager
def _answers() -> Iterator[None]:
    """Names what a provider does wrong; none of its words go further."""
    from authlib.integrations.base_client import OAuthError
    from joserfc.errors import JoseError
    from requests import RequestException

    try:
        yield
    except (OAuthError, JoseError) as error:
        raise UnauthenticatedError("the provider does not vouch for this") from error
    except RequestException as error:
        raise UpstreamError("the provider does not answer", retryable=True) from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UpstreamError("the provider's answer cannot be read", retryable=False) from error
