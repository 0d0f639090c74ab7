"""People, sessions and keys as the API shows them."""

from collections.abc import Mapping
from typing import Literal

from optiq.identity.people.contracts import (
    Enrolment,
    LinkedProvider,
    NewPersonalKey,
    PersonalKey,
    Session,
    SignInMethod,
    User,
)
from optiq.kernel.clock import to_rfc3339, to_rfc3339_or_none
from pydantic import BaseModel


class MailSentDocument(BaseModel):
    """Whatever the address is: a mail is on its way to it, and says the rest."""

    status: Literal["MAIL_SENT"] = "MAIL_SENT"


class WhoAmIDocument(BaseModel):
    """Whose the session or key of a request is, and what they may do in the organization."""

    organization_id: str | None
    credential_id: str
    user_id: str | None
    role: str | None
    permissions: list[str]

    @classmethod
    def of(cls, told: Mapping[str, str]) -> "WhoAmIDocument":
        """Of what the authorizer found (functions/identity/authorizer.py)."""
        return cls(
            organization_id=told.get("organization_id") or None,
            credential_id=told["credential_id"],
            user_id=told.get("user_id"),
            role=told.get("role") or None,
            permissions=told["permissions"].split(),
        )


class ProfileDocument(BaseModel):
    user_id: str
    email: str
    name: str
    has_password: bool
    two_factor: bool
    avatar_url: str
    locale: str
    timezone: str
    preferences: dict[str, str | int | bool]
    created_at: str

    @classmethod
    def of(cls, user: User) -> "ProfileDocument":
        return cls(
            user_id=user.user_id,
            email=user.email,
            name=user.name,
            has_password=user.has_password,
            two_factor=user.two_factor,
            avatar_url=user.avatar_url,
            locale=user.locale,
            timezone=user.timezone,
            preferences=dict(user.preferences),
            created_at=to_rfc3339(user.created_ms),
        )


class SignInDocument(BaseModel):
    """Signed in; or the first step is done, and the second needs `challenge` and a code.

    `organization_id` is the organization the session is of: the only one I am in, or of several the one I used last.
    Where it is null, `GET /v1/organizations` lists mine, and `POST /v1/organizations/{organization_id}/switch` enters
    one.
    """

    status: Literal["SIGNED_IN", "SECOND_FACTOR_NEEDED"]
    expires_at: str
    user: ProfileDocument | None = None
    organization_id: str | None = None
    challenge: str | None = None
    session_token: str | None = None


class OfferedProvidersDocument(BaseModel):
    """Providers one can sign in with here, as routes call them: `google`, `github`, or none."""

    items: list[str]


class OAuthStartDocument(BaseModel):
    """Where to send the person's browser, which keeps a cookie to come back with."""

    authorization_url: str


class ProviderDocument(BaseModel):
    """An account at a provider that I sign in with."""

    provider: str
    linked_at: str

    @classmethod
    def of(cls, linked: LinkedProvider) -> "ProviderDocument":
        return cls(provider=linked.provider.lower(), linked_at=to_rfc3339(linked.linked_ms))


class ProvidersDocument(BaseModel):
    items: list[ProviderDocument]


class EnrolmentDocument(BaseModel):
    """An authenticator to set up, shown this once."""

    secret: str
    otpauth_uri: str
    qr_svg: str

    @classmethod
    def of(cls, enrolment: Enrolment) -> "EnrolmentDocument":
        return cls(secret=enrolment.secret, otpauth_uri=enrolment.uri, qr_svg=enrolment.qr_svg)


class TwoFactorDocument(BaseModel):
    """The second factor is on. The recovery codes are shown this once; each works once."""

    recovery_codes: list[str]
    session_token: str | None = None


class RecoveryCodesDocument(BaseModel):
    """Shown this once."""

    recovery_codes: list[str]


class SessionDocument(BaseModel):
    session_id: str
    device: str
    place: str
    method: SignInMethod
    signed_in_at: str
    last_seen_at: str
    expires_at: str
    is_current: bool

    @classmethod
    def of(cls, session: Session) -> "SessionDocument":
        return cls(
            session_id=session.session_id,
            device=session.device,
            place=session.place,
            method=session.method,
            signed_in_at=to_rfc3339(session.signed_in_ms),
            last_seen_at=to_rfc3339(session.seen_ms),
            expires_at=to_rfc3339(session.expires_ms),
            is_current=session.is_current,
        )


class SessionsDocument(BaseModel):
    items: list[SessionDocument]


class PersonalKeyDocument(BaseModel):
    """A person's API key, without its secret. `last_used_at` is right to an hour."""

    key_id: str
    name: str
    prefix: str
    scopes: list[str]
    organization_id: str | None
    created_at: str
    last_used_at: str | None
    expires_at: str | None
    revoked_at: str | None

    @classmethod
    def of(cls, key: PersonalKey) -> "PersonalKeyDocument":
        return cls(
            key_id=key.key_id,
            name=key.name,
            prefix=key.prefix,
            scopes=list(key.scopes),
            organization_id=key.organization_id or None,
            created_at=to_rfc3339(key.created_ms),
            last_used_at=to_rfc3339_or_none(key.seen_ms),
            expires_at=to_rfc3339_or_none(key.expires_ms),
            revoked_at=to_rfc3339_or_none(key.revoked_ms),
        )


class NewPersonalKeyDocument(BaseModel):
    """A key just made. `secret` is shown this once."""

    secret: str
    key: PersonalKeyDocument

    @classmethod
    def of(cls, made: NewPersonalKey) -> "NewPersonalKeyDocument":
        return cls(secret=made.secret, key=PersonalKeyDocument.of(made.key))


class PersonalKeysDocument(BaseModel):
    items: list[PersonalKeyDocument]
