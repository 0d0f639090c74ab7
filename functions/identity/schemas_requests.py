"""What the routes of users are asked."""

from typing import Annotated

from optiq.kernel.schemas import In, InstantIn
from pydantic import ConfigDict, Field

_Address = Annotated[str, Field(max_length=320, examples=["ann@example.com"])]
_Password = Annotated[str, Field(max_length=2_000, examples=["correct horse battery staple"])]
_Link = Annotated[str, Field(max_length=100, description="what is behind `#token=` in the mail")]
_Code = Annotated[str, Field(max_length=40, examples=["123456"])]
_AsToken = Annotated[bool, Field(description="answer the session's secret instead of setting a cookie")]


class _Request(In):
    """It passes over fields that it does not know: a refusal repeats their names, which may be secrets in the wrong
    place.
    """

    model_config = ConfigDict(extra="ignore")


class SignUpIn(_Request):
    email: _Address
    name: Annotated[str, Field(max_length=200, examples=["Ann Example"])]
    password: _Password


class VerificationIn(_Request):
    """The link in the mail, and the password of the sign-up: only they get an account."""

    token: _Link
    password: _Password
    as_token: _AsToken = False


class SignInIn(_Request):
    email: _Address
    password: _Password
    as_token: _AsToken = False


class SecondFactorIn(_Request):
    """`code` is an authenticator's six digits, or a recovery code."""

    challenge: Annotated[str, Field(max_length=100, description="as the sign-in answers it")]
    code: _Code
    as_token: _AsToken = False


class AddressIn(_Request):
    email: _Address


class MagicLinkIn(_Request):
    token: _Link
    as_token: _AsToken = False


class PasswordResetIn(_Request):
    token: _Link
    password: _Password


class ProfilePatch(_Request):
    """What to change; what is absent stays, and a preference that is null goes. `date_format` is YMD, DMY or MDY,
    `time_format` H24 or H12; other names are a client's own.
    """

    name: str | None = None
    avatar_url: str | None = None
    locale: Annotated[str | None, Field(examples=["de-DE"])] = None
    timezone: Annotated[str | None, Field(examples=["Europe/Berlin"])] = None
    preferences: Annotated[dict[str, str | int | bool | None] | None, Field(examples=[{"date_format": "DMY"}])] = None


class PasswordIn(_Request):
    """`current_password` is left empty by who has none yet."""

    current_password: _Password = ""
    new_password: _Password


class ProofIn(_Request):
    password: _Password = ""


class CodeIn(_Request):
    code: _Code


class StrongProofIn(_Request):
    password: _Password = ""
    code: _Code


class ApiKeyIn(_Request):
    """A key to create; without `expires_at` it is valid until it is revoked."""

    name: Annotated[str, Field(examples=["dashboards"])]
    scopes: Annotated[list[str], Field(description="permissions", examples=[["reports:read"]])]
    expires_at: InstantIn | None = None
