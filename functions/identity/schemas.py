"""Users, sessions and keys as the API writes them."""

from collections.abc import Mapping
from typing import Annotated, Literal

from optiq.identity.people.contracts import SignInMethod, SignUpPolicy
from optiq.kernel.manifest import Role
from optiq.kernel.permissions import permissions_of
from optiq.kernel.schemas import Instant, OrNull, Out, PageOut
from pydantic import AliasChoices, BeforeValidator, Field

Provider = Literal["google", "github"]
_LowerCase = BeforeValidator(str.lower)


class MailSentOut(Out):
    """The answer for any address: a mail is on its way to it, and says the rest."""

    status: Literal["MAIL_SENT"] = "MAIL_SENT"


class SignUpRuleOut(Out):
    """Who may sign up here: everybody, who is invited, or besides those people with an e-mail at one of `domains`."""

    policy: SignUpPolicy
    domains: list[str]


class WhoAmIOut(Out):
    """The session or key of a request: its user and organization, and what it may do there."""

    organization_id: Annotated[str | None, OrNull]
    credential_id: str
    user_id: str | None = None
    role: Annotated[Role | None, OrNull]
    permissions: list[str]

    @classmethod
    def found(cls, authorized: Mapping[str, str]) -> "WhoAmIOut":
        """Of what the authorizer found (functions/identity/authorizer.py)."""
        return cls.model_validate({**authorized, "permissions": sorted(permissions_of(authorized))})


class ProfileOut(Out):
    user_id: str
    email: str
    name: str
    has_password: bool
    two_factor: bool
    avatar_url: str
    locale: str
    timezone: str
    preferences: dict[str, str | int | bool]
    created_at: Instant


class SignInOut(Out):
    """Signed in; or the first step is done, and the second needs `challenge` and a code.

    `organization_id` is the organization of the session: the only one I am in, or of several the one I used last.
    Where it is null, `GET /v1/organizations` lists mine, and `POST /v1/organizations/{organization_id}/switch` enters
    one.
    """

    status: Literal["SIGNED_IN", "SECOND_FACTOR_NEEDED"]
    expires_at: Instant
    user: ProfileOut | None = None
    organization_id: Annotated[str | None, OrNull] = None
    challenge: str | None = None
    session_token: str | None = None


class OfferedProvidersOut(PageOut[Annotated[Provider, _LowerCase]]):
    """Providers one can sign in with here, as routes name them."""


class OAuthStartOut(Out):
    """Where to send the user's browser, which keeps a cookie to come back with."""

    authorization_url: str


class ProviderOut(Out):
    """An account at a provider that I sign in with."""

    provider: Annotated[Provider, _LowerCase]
    linked_at: Instant


class ProvidersOut(PageOut[ProviderOut]):
    """By provider."""


class EnrolmentOut(Out):
    """An authenticator to set up, shown this once."""

    secret: str
    otpauth_uri: str = Field(validation_alias=AliasChoices("uri", "otpauth_uri"))
    qr_svg: str


class TwoFactorOut(Out):
    """The second factor is on. The recovery codes are shown this once; each works once."""

    recovery_codes: list[str]
    session_token: str | None = None


class RecoveryCodesOut(Out):
    """Shown this once."""

    recovery_codes: list[str]


class SessionOut(Out):
    """Where I am signed in. `last_seen_at` is right to an hour."""

    session_id: str
    device: str
    place: str
    method: SignInMethod
    signed_in_at: Instant
    last_seen_at: Instant = Field(validation_alias=AliasChoices("seen_ms", "last_seen_at"))
    expires_at: Instant
    is_current: bool


class SessionsOut(PageOut[SessionOut]):
    """The session used last comes first."""


class ApiKeyOut(Out):
    """A user's API key, without its secret. `last_used_at` is right to an hour."""

    key_id: str
    name: str
    prefix: str
    scopes: list[str]
    organization_id: Annotated[str | None, OrNull]
    created_at: Instant
    last_used_at: Instant | None = Field(validation_alias=AliasChoices("seen_ms", "last_used_at"))
    expires_at: Instant | None
    revoked_at: Instant | None


class NewApiKeyOut(Out):
    """A key just created. `secret` is shown this once."""

    secret: str
    key: ApiKeyOut


class ApiKeysOut(PageOut[ApiKeyOut]):
    """Newest first, revoked ones included."""
