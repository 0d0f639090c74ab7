"""What the routes of people are asked."""

from typing import Annotated

from pydantic import BaseModel, Field

_Address = Annotated[str, Field(max_length=320, examples=["ann@example.com"])]
_Password = Annotated[str, Field(max_length=2_000, examples=["correct horse battery staple"])]
_Link = Annotated[str, Field(max_length=100, description="what stands behind `#token=` in the mail")]
_Code = Annotated[str, Field(max_length=40, examples=["123456"])]
_AsToken = Annotated[bool, Field(description="answer the session's secret instead of setting a cookie")]


class SignUpRequest(BaseModel):
    email: _Address
    name: Annotated[str, Field(max_length=200, examples=["Ann Example"])]
    password: _Password


class VerifyRequest(BaseModel):
    """The link in the mail, and the password of the sign-up: so only who signed up gets in."""

    token: _Link
    password: _Password
    as_token: _AsToken = False


class SignInRequest(BaseModel):
    email: _Address
    password: _Password
    as_token: _AsToken = False


class SecondFactorRequest(BaseModel):
    """`code` is an authenticator's six digits, or a recovery code."""

    challenge: Annotated[str, Field(max_length=100)]
    code: _Code
    as_token: _AsToken = False


class AddressRequest(BaseModel):
    email: _Address


class LinkRequest(BaseModel):
    token: _Link
    as_token: _AsToken = False


class ResetRequest(BaseModel):
    token: _Link
    password: _Password


class ProfileChangeRequest(BaseModel):
    """What is absent stays; a preference that is null goes. `date_format` is YMD, DMY or MDY, `time_format` H24 or H12,
    `notifications.alerts` true or false; other names are a client's own.
    """

    name: str | None = None
    avatar_url: str | None = None
    locale: Annotated[str | None, Field(examples=["de-DE"])] = None
    timezone: Annotated[str | None, Field(examples=["Europe/Berlin"])] = None
    preferences: Annotated[dict[str, str | int | bool | None] | None, Field(examples=[{"date_format": "DMY"}])] = None


class PasswordChangeRequest(BaseModel):
    """`current_password` is left empty by who has none yet."""

    current_password: _Password = ""
    new_password: _Password


class ProofRequest(BaseModel):
    password: _Password = ""


class CodeRequest(BaseModel):
    code: _Code


class StrongProofRequest(BaseModel):
    password: _Password = ""
    code: _Code


class PersonalKeyRequest(BaseModel):
    """A key to make; without `expires_at` it is valid until it is revoked."""

    name: Annotated[str, Field(examples=["dashboards"])]
    scopes: Annotated[list[str], Field(examples=[["reports:read"]])]
    expires_at: Annotated[str | None, Field(examples=["2027-01-31T00:00:00Z"])] = None
