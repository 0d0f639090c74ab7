"""Signing up and signing in: open to everybody, before there is a session."""

from functools import partial
from typing import Annotated

from aws_lambda_powertools.event_handler.api_gateway import Response as Answer
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from optiq.identity.people import api as people
from optiq.kernel.api_resolver import make_resolver
from optiq.kernel.errors import NotFoundError, OptiqError, UnauthenticatedError
from optiq.kernel.paging import Page
from optiq.kernel.query_parameters import linked_from_elsewhere

from functions.identity.answers import device_cookie, oauth_failed, oauth_finished, oauth_started, signed_in, visitor
from functions.identity.requests import OAUTH_COOKIE, client_of, cookie
from functions.identity.schemas import (
    MailSentOut,
    OAuthStartOut,
    OfferedProvidersOut,
    Provider,
    SignInOut,
    SignUpRuleOut,
)
from functions.identity.schemas_requests import (
    AddressIn,
    MagicLinkIn,
    PasswordResetIn,
    SecondFactorIn,
    SignInIn,
    SignUpIn,
    VerificationIn,
)

app = make_resolver("sign-in")

_WHY_OPEN = "people without a session get one here"
_WHY_KEYLESS = "nobody is known yet for whom an answer could be kept"
_post = partial(app.post, open_because=_WHY_OPEN, keyless_because=_WHY_KEYLESS)
_Provider = Annotated[Provider, Path(description="the provider")]
_Returned = Annotated[str, Query(max_length=2_000, description="as the provider sends it")]


@_post(
    "/v1/sign-up",
    summary="Ask for an account; a mail confirms the address",
    status_code=202,
)
def sign_up(request: SignUpIn) -> tuple[MailSentOut, int]:
    people.sign_up(request.email, request.name, request.password, visitor(app))
    return MailSentOut(), 202


@app.get("/v1/sign-up", open_because=_WHY_OPEN, summary="Who may sign up here")
def show_sign_up_rule() -> SignUpRuleOut:
    return SignUpRuleOut.model_validate(people.sign_up_rule())


@_post(
    "/v1/verify-email",
    summary="Create the account of a sign-up, and sign in",
)
def verify_email(request: VerificationIn) -> Answer[SignInOut]:
    outcome = people.verify_email(request.token, request.password, visitor(app))
    return signed_in(outcome, as_token=request.as_token)


@_post("/v1/sign-in", summary="Sign in with a password")
def sign_in(request: SignInIn) -> Answer[SignInOut]:
    outcome = people.sign_in(request.email, request.password, visitor(app))
    return signed_in(outcome, as_token=request.as_token)


@_post(
    "/v1/sign-in/two-factor",
    summary="Complete a sign-in with a code",
)
def second_factor(request: SecondFactorIn) -> Answer[SignInOut]:
    outcome = people.second_factor(request.challenge, request.code, visitor(app))
    return signed_in(outcome, as_token=request.as_token)


@_post(
    "/v1/sign-in/magic-link",
    summary="Ask for a mail with a link to sign in",
    status_code=202,
)
def request_magic_link(request: AddressIn) -> tuple[MailSentOut, int]:
    people.request_magic_link(request.email, visitor(app))
    return MailSentOut(), 202


@_post(
    "/v1/sign-in/magic-link/redeem",
    summary="Sign in with the link in a mail",
)
def redeem_magic_link(request: MagicLinkIn) -> Answer[SignInOut]:
    return signed_in(people.redeem_magic_link(request.token, visitor(app)), as_token=request.as_token)


@_post(
    "/v1/password/reset-request",
    summary="Ask for a mail to choose another password",
    status_code=202,
)
def request_password_reset(request: AddressIn) -> tuple[MailSentOut, int]:
    people.request_password_reset(request.email, visitor(app))
    return MailSentOut(), 202


@_post(
    "/v1/password/reset",
    summary="Choose another password with the link in a mail; every session ends, API keys stay",
    status_code=204,
    response_description="It is changed; sign in with it",
)
def reset_password(request: PasswordResetIn) -> Answer[None]:
    device_token = people.reset_password(request.token, request.password, visitor(app))
    return Answer(204, "application/json", None, cookies=[device_cookie(device_token)])


@app.get("/v1/sign-in/oauth", open_because=_WHY_OPEN, summary="Providers one can sign in with here")
def list_offered_providers() -> OfferedProvidersOut:
    return OfferedProvidersOut.model_validate(Page(tuple(people.offered_providers())))


@_post(
    "/v1/sign-in/oauth/{provider}",
    summary="Begin to sign in by way of Google or GitHub",
)
def start_provider_sign_in(provider: _Provider) -> Answer[OAuthStartOut]:
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
