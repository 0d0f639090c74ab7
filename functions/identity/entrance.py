"""Signing up and in, for who is nobody yet."""

from typing import Annotated

from aws_lambda_powertools.event_handler.api_gateway import Response as Answer
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from optiq.identity.people import api as people
from optiq.kernel.api_resolver import linked_from_elsewhere, make_resolver
from optiq.kernel.errors import NotFoundError, OptiqError, UnauthenticatedError

from functions.identity.account_requests import (
    AddressRequest,
    LinkRequest,
    ResetRequest,
    SecondFactorRequest,
    SignInRequest,
    SignUpRequest,
    VerifyRequest,
)
from functions.identity.account_schemas import (
    MailSentDocument,
    OAuthStartDocument,
    OfferedProvidersDocument,
    SignInDocument,
)
from functions.identity.answers import device_cookie, oauth_failed, oauth_finished, oauth_started, signed_in, visitor
from functions.identity.requests import OAUTH_COOKIE, client_of, cookie

app = make_resolver("sign-in")

_WHY_OPEN = "people without a session get one here"
_WHY_KEYLESS = "nobody is known yet for whom an answer could be kept"
_Provider = Annotated[str, Path(description="google or github", max_length=20)]
_Returned = Annotated[str, Query(max_length=2_000)]


@app.post(
    "/v1/sign-up",
    open_because=_WHY_OPEN,
    keyless_because=_WHY_KEYLESS,
    summary="Ask for an account; a mail confirms the address",
    status_code=202,
)
def sign_up(request: SignUpRequest) -> tuple[MailSentDocument, int]:
    people.sign_up(request.email, request.name, request.password, visitor(app))
    return MailSentDocument(), 202


@app.post(
    "/v1/verify-email",
    open_because=_WHY_OPEN,
    keyless_because=_WHY_KEYLESS,
    summary="Make the account of a sign-up, and sign in",
)
def verify_email(request: VerifyRequest) -> Answer[SignInDocument]:
    outcome = people.verify_email(request.token, request.password, visitor(app))
    return signed_in(outcome, as_token=request.as_token)


@app.post("/v1/sign-in", open_because=_WHY_OPEN, keyless_because=_WHY_KEYLESS, summary="Sign in with a password")
def sign_in(request: SignInRequest) -> Answer[SignInDocument]:
    outcome = people.sign_in(request.email, request.password, visitor(app))
    return signed_in(outcome, as_token=request.as_token)


@app.post(
    "/v1/sign-in/two-factor",
    open_because=_WHY_OPEN,
    keyless_because=_WHY_KEYLESS,
    summary="Complete a sign-in with a code",
)
def second_factor(request: SecondFactorRequest) -> Answer[SignInDocument]:
    outcome = people.second_factor(request.challenge, request.code, visitor(app))
    return signed_in(outcome, as_token=request.as_token)


@app.post(
    "/v1/sign-in/magic-link",
    open_because=_WHY_OPEN,
    keyless_because=_WHY_KEYLESS,
    summary="Ask for a mail with a link to sign in",
    status_code=202,
)
def request_magic_link(request: AddressRequest) -> tuple[MailSentDocument, int]:
    people.request_magic_link(request.email, visitor(app))
    return MailSentDocument(), 202


@app.post(
    "/v1/sign-in/magic-link/redeem",
    open_because=_WHY_OPEN,
    keyless_because=_WHY_KEYLESS,
    summary="Sign in with the link in a mail",
)
def redeem_magic_link(request: LinkRequest) -> Answer[SignInDocument]:
    return signed_in(people.redeem_magic_link(request.token, visitor(app)), as_token=request.as_token)


@app.post(
    "/v1/password/reset-request",
    open_because=_WHY_OPEN,
    keyless_because=_WHY_KEYLESS,
    summary="Ask for a mail to choose another password",
    status_code=202,
)
def request_password_reset(request: AddressRequest) -> tuple[MailSentDocument, int]:
    people.request_password_reset(request.email, visitor(app))
    return MailSentDocument(), 202


@app.post(
    "/v1/password/reset",
    open_because=_WHY_OPEN,
    keyless_because=_WHY_KEYLESS,
    summary="Choose another password with the link in a mail; every session ends, API keys stay",
    status_code=204,
    response_description="It is changed; sign in with it",
)
def reset_password(request: ResetRequest) -> Answer[None]:
    device_token = people.reset_password(request.token, request.password, visitor(app))
    return Answer(204, "application/json", None, cookies=[device_cookie(device_token)])


@app.get("/v1/sign-in/oauth", open_because=_WHY_OPEN, summary="Providers one can sign in with here")
def list_offered_providers() -> OfferedProvidersDocument:
    return OfferedProvidersDocument(items=[provider.lower() for provider in people.offered_providers()])


@app.post(
    "/v1/sign-in/oauth/{provider}",
    open_because=_WHY_OPEN,
    keyless_because=_WHY_KEYLESS,
    summary="Begin to sign in by way of Google or GitHub",
)
def start_provider_sign_in(provider: _Provider) -> Answer[OAuthStartDocument]:
    return oauth_started(people.start_provider_sign_in(provider.upper(), visitor(app)))


@app.get(
    "/v1/sign-in/oauth/{provider}/callback",
    open_because=_WHY_OPEN,
    headless_because="it uses up what the provider sent",
    summary="Where Google or GitHub sends a browser back; leads on to the console",
    status_code=302,
    response_description="Signed in, or back to the sign-in page with `#error=` or `#challenge=`",
)
@linked_from_elsewhere  # providers add scope, authuser, prompt, iss and others
def finish_provider_sign_in(
    provider: _Provider, state: _Returned = "", code: _Returned = "", error: _Returned = ""
) -> Answer[None]:
    event = app.current_event.raw_event
    try:
        if error:
            raise UnauthenticatedError("the provider was not allowed to say")
        outcome = people.finish_provider_sign_in(
            provider.upper(), state, cookie(event, OAUTH_COOKIE), code, client_of(event)
        )
    except NotFoundError:
        raise
    except OptiqError as failure:
        return oauth_failed(failure)
    return oauth_finished(outcome)


handler = app
