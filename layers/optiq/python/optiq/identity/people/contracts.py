"""People, and what is given to them to prove who they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from optiq.kernel.errors import ForbiddenError
from optiq.kernel.permissions import Membership

UserStatus = Literal["ACTIVE", "SUSPENDED"]
SignUpPolicy = Literal["OPEN", "INVITED", "DOMAINS"]
SignInMethod = Literal["PASSWORD", "MAGIC_LINK", "SIGN_UP", "GOOGLE", "GITHUB"]


class UninvitedError(ForbiddenError):
    """An account for this address is not to be created here."""


@dataclass(frozen=True, slots=True)
class SignUpRule:
    """Who may sign up here: `domains` are those of DOMAINS. Who is invited always may."""

    policy: SignUpPolicy
    domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class User:
    """A person with an account. Their address was confirmed before the account was made."""

    user_id: str
    email: str
    name: str
    status: UserStatus
    has_password: bool
    two_factor: bool
    avatar_url: str
    locale: str
    timezone: str
    preferences: Mapping[str, str | int | bool]
    created_ms: int


@dataclass(frozen=True, slots=True)
class Client:
    """From where a person asks.

    Attributes:
        device_token: what we gave their device at its last sign-in, or "".
        session_secret: of the session their browser is in, which the next one there takes the place of, or "".
    """

    ip: str
    user_agent: str = ""
    country: str = ""
    device_token: str = ""
    session_secret: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks, by a session or an API key of theirs.

    Attributes:
        organization_id: the organization chosen, or "".
        credential_id: the id of the session or key.
        digest: the hash of its secret.
        scopes: what a key may be used for; None for a session, which may do all its person may.
        signed_in_ms: when the session began with a proof of who it is; 0 for a key.
        membership: as what they are in that organization, if anything.
    """

    user_id: str
    organization_id: str
    credential_id: str
    digest: str
    scopes: frozenset[str] | None
    signed_in_ms: int
    membership: Membership | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A place where a person is signed in. `seen_ms` is right to an hour."""

    session_id: str
    device: str
    place: str
    method: SignInMethod
    signed_in_ms: int
    seen_ms: int
    expires_ms: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session just begun: its secret is known only now. `device_token` makes the device a known one.

    `organization_id` is the organization it is of, or "".
    """

    user: User
    secret: str
    expires_ms: int
    device_token: str
    organization_id: str


@dataclass(frozen=True, slots=True)
class SecondFactorNeeded:
    """The first proof was good; a code together with `challenge` completes the sign-in."""

    challenge: str
    expires_ms: int


@dataclass(frozen=True, slots=True)
class Enrolment:
    """An authenticator to set up: its secret in base 32, as an otpauth URI, and that as a QR code (SVG)."""

    secret: str
    uri: str
    qr_svg: str


@dataclass(frozen=True, slots=True)
class PersonalKey:
    """A user's API key. Of its secret only the hash is kept.

    Attributes:
        digest: SHA-256 of the secret. prefix: shown to tell several apart.
        seen_ms: when it was last used, right to an hour.
    """

    user_id: str
    digest: str
    key_id: str
    organization_id: str
    name: str
    prefix: str
    scopes: tuple[str, ...]
    created_ms: int
    seen_ms: int | None = None
    expires_ms: int | None = None
    revoked_ms: int | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class NewPersonalKey:
    """A key just made, with the secret that is shown only now."""

    key: PersonalKey
    secret: str


@dataclass(frozen=True, slots=True)
class OAuthStart:
    """Where to send somebody, and the `state` their browser must keep until they come back."""

    url: str
    state: str
    expires_ms: int


@dataclass(frozen=True, slots=True)
class LinkedProvider:
    """An account at a provider that a person signs in with."""

    provider: str
    linked_ms: int
