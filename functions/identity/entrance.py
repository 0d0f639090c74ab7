"""Signing up and in, for who is nobody yet."""

from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import Response as Answer
from optiq.identity import api as identity
from optiq.kernel.api_resolver import make_resolver
from optiq.kernel.http import Event, Response

from functions.identity.account_schemas import (
    AddressRequest,
    LinkRequest,
    MailSentDocument,
    ResetRequest,
    SecondFactorRequest,
    SignInDocument,
    SignInRequest,
    SignUpRequest,
    VerifyRequest,
)
from functions.identity.answers import device_cookie, signed_in, visitor

app = make_resolver()

_TAGS = ["sign-in"]


@app.post("/v1/sign-up", summary="Ask for an account; a mail confirms the address", tags=_TAGS, status_code=202)
def sign_up(request: SignUpRequest) -> tuple[MailSentDocument, int]:
    identity.sign_up(request.email, request.name, request.password, visitor(app))
    return MailSentDocument(), 202


@app.post("/v1/verify-email", summary="Make the account of a sign-up, and sign in", tags=_TAGS)
def verify_email(request: VerifyRequest) -> Answer[SignInDocument]:
    outcome = identity.verify_email(request.token, request.password, visitor(app))
    return signed_in(outcome, as_token=request.as_token)


@app.post("/v1/sign-in", summary="Sign in with a password", tags=_TAGS)
def sign_in(request: SignInRequest) -> Answer[SignInDocument]:
    outcome = identity.sign_in(request.email, request.password, visitor(app))
    return signed_in(outcome, as_token=request.as_token)


@app.post("/v1/sign-in/two-factor", summary="Complete a sign-in with a code", tags=_TAGS)
def second_factor(request: SecondFactorRequest) -> Answer[SignInDocument]:
    outcome = identity.second_factor(request.challenge, request.code, visitor(app))
    return signed_in(outcome, as_token=request.as_token)


@app.post("/v1/sign-in/magic-link", summary="Ask for a mail with a link to sign in", tags=_TAGS, status_code=202)
def request_magic_link(request: AddressRequest) -> tuple[MailSentDocument, int]:
    identity.request_magic_link(request.email, visitor(app))
    return MailSentDocument(), 202


@app.post("/v1/sign-in/magic-link/redeem", summary="Sign in with the link in a mail", tags=_TAGS)
def redeem_magic_link(request: LinkRequest) -> Answer[SignInDocument]:
    return signed_in(identity.redeem_magic_link(request.token, visitor(app)), as_token=request.as_token)


@app.post(
    "/v1/password/reset-request", summary="Ask for a mail to choose another password", tags=_TAGS, status_code=202
)
def request_password_reset(request: AddressRequest) -> tuple[MailSentDocument, int]:
    identity.request_password_reset(request.email, visitor(app))
    return MailSentDocument(), 202


@app.post(
    "/v1/password/reset",
    summary="Choose another password with the link in a mail; every session ends",
    tags=_TAGS,
    status_code=204,
    response_description="It is changed; sign in with it",
)
def reset_password(request: ResetRequest) -> Answer[None]:
    device_token = identity.reset_password(request.token, request.password, visitor(app))
    return Answer(204, "application/json", None, cookies=[device_cookie(device_token)])


def handler(event: Event, context: Any) -> Response:
    return app.resolve(event, context)
