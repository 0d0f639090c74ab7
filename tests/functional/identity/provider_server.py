"""An OpenID Connect provider and GitHub in one small HTTP server, which does as it is told, wrong things too.

It holds to the parts of the protocols that a client meets: discovery, keys, the token endpoint with its check of code,
client and PKCE verifier, and GitHub's two API calls.
"""

import base64
import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from infra.local.loopback import Answering, bound, serving

CLIENT_ID, CLIENT_SECRET = "optiq-client", "optiq-client-secret"


@dataclass
class Provider:
    """Who the person is there, and what is wrong with what it says.

    Attributes:
        claims: of the ID token, in place of the right ones; None leaves one out.
        signer: the key that signs, when not the published one; for another algorithm what signs bytes.
        broken: answers in place of an endpoint's own, by path.
    """

    url: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "first"}))
    person: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    signer: Any = None
    addresses: list[dict[str, Any]] = field(default_factory=list)
    broken: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    asked: dict[str, dict[str, str]] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)

    def consent(self, authorization_url: str) -> dict[str, str]:
        """What the person's browser brings back after consent: the query of the callback."""
        query = dict(parse_qsl(urlsplit(authorization_url).query))
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT_ID
        assert query["code_challenge_method"] == "S256"
        code = f"code-{len(self.asked)}"
        self.asked[code] = query
        return {"code": code, "state": query["state"]}

    def answer(self, method: str, path: str, form: dict[str, str], authorization: str) -> tuple[int, Any]:
        self.requests.append(path)
        if path in self.broken:
            return self.broken[path]
        if path == "/.well-known/openid-configuration":
            return 200, {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
            }
        if path == "/keys":
            return 200, {"keys": [self.key.as_dict(private=False)]}
        if path in ("/token", "/login/oauth/access_token"):
            return self._token(form, authorization)
        if authorization != "Bearer an-access-token":
            return 401, {"message": "Bad credentials"}
        return 200, self.person if path == "/user" else self.addresses

    def _token(self, form: dict[str, str], authorization: str) -> tuple[int, Any]:
        asked = self.asked.pop(form.get("code", ""), None)
        known = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = _base64(digest)
        if authorization != f"Basic {known}":
            return 401, {"error": "invalid_client"}
        if asked is None or asked["code_challenge"] != challenge or form["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        token = {"access_token": "an-access-token", "token_type": "Bearer", "expires_in": 3600}
        return 200, token | {"id_token": self._id_token(asked.get("nonce", ""))} if "nonce" in asked else token

    def _id_token(self, nonce: str) -> str:
        now = int(time.time())
        right = {"iss": self.url, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": nonce}
        claims = {name: value for name, value in (right | self.person | self.claims).items() if value is not None}
        header = {"alg": self.algorithm, "kid": self.key.kid or ""}
        if self.algorithm != "RS256":
            signed = ".".join(_base64(json.dumps(part).encode()) for part in (header, claims))
            return f"{signed}.{_base64(self.signer(signed.encode())) if self.signer else ''}"
        return jwt.encode(header, claims, self.signer or self.key, algorithms=["RS256"])


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@contextmanager
def running_provider() -> Iterator[Provider]:
    provider = Provider()

    class Handler(Answering):
        def answer(self) -> None:
            form = {name: values[0] for name, values in parse_qs(self.read_body()).items()}
            status, said = provider.answer(self.command, self.path, form, self.headers.get("authorization", ""))
            raw = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            if status == 302:
                self.send_header("location", raw.decode())
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

    http = bound(Handler)
    provider.url = f"http://127.0.0.1:{http.server_port}"
    with serving(http):
        yield provider
