"""What a sign-in answers: cookies for browsers, or the secret itself for programs that ask for it."""

from aws_lambda_powertools.event_handler.api_gateway import Response
from aws_lambda_powertools.shared.cookies import Cookie, SameSite
from optiq.identity.people.contracts import Client, OAuthStart, Person, SecondFactorNeeded, SignedIn, UninvitedError
from optiq.kernel.api_resolver import ManagementResolver
from optiq.kernel.clock import SECOND_MS, system_clock, to_rfc3339
from optiq.kernel.errors import ConflictError, ForbiddenError, OptiqError, UnauthenticatedError, UpstreamError

from functions.identity.requests import DEVICE_COOKIE, OAUTH_COOKIE, SESSION_COOKIE, bearer, client_of, is_from_our_page
from functions.identity.schemas import OAuthStartOut, ProfileOut, SignInOut

_WHY: dict[type[OptiqError], str] = {
    UninvitedError: "NOT_INVITED",
    ForbiddenError: "ADDRESS_NOT_VERIFIED",
    ConflictError: "ACCOUNT_EXISTS",
    UpstreamError: "PROVIDER_FAILED",
    OptiqError: "REFUSED",
}
_DEVICE_SECONDS = 400 * 86_400
"""The longest that browsers keep a cookie."""


def visitor(app: ManagementResolver) -> Client:
    """From where somebody signs in. Raises ForbiddenError when another site's page makes the browser do it."""
    event = app.current_event.raw_event
    if not is_from_our_page(event, unsaid=True):
        raise ForbiddenError("this must come from a page of ours")
    return client_of(event)


def caller(app: ManagementResolver) -> tuple[Person, Client]:
    """Whom the authorizer found. Raises ForbiddenError for an organization's key, which is nobody's."""
    event = app.current_event.raw_event
    authorizer = (event.get("requestContext", {}).get("authorizer") or {}).get("lambda") or {}
    if not authorizer:
        raise UnauthenticatedError("a session is needed")
    if not authorizer.get("user_id"):
        raise ForbiddenError("this needs a person's session or key")
    person = Person(
        user_id=str(authorizer["user_id"]),
        organization_id=str(authorizer["organization_id"]),
        credential_id=str(authorizer["credential_id"]),
        digest=str(authorizer["digest"]),
        scopes=frozenset(str(authorizer["scopes"]).split()) if "scopes" in authorizer else None,
        signed_in_ms=int(authorizer["signed_in_ms"]),
    )
    return person, client_of(event)


def comes_by_header(app: ManagementResolver) -> bool:
    """Whether the session came as a Bearer secret: a new one is then shown, not set as a cookie."""
    return bool(bearer(app.current_event.raw_event))


def signed_in(outcome: SignedIn | SecondFactorNeeded, *, as_token: bool) -> Response[SignInOut]:
    if isinstance(outcome, SecondFactorNeeded):
        answer = SignInOut(
            status="SECOND_FACTOR_NEEDED",
            expires_at=to_rfc3339(outcome.expires_ms),
            challenge=outcome.challenge,
        )
        return Response(200, "application/json", answer)
    answer = SignInOut(
        status="SIGNED_IN",
        expires_at=to_rfc3339(outcome.expires_ms),
        user=ProfileOut.model_validate(outcome.user),
        organization_id=outcome.organization_id,
        session_token=outcome.secret if as_token else None,
    )
    return Response(200, "application/json", answer, cookies=session_cookies(outcome, as_token=as_token))


def session_cookies(outcome: SignedIn, *, as_token: bool) -> list[Cookie]:
    seconds = (outcome.expires_ms - system_clock()) // SECOND_MS
    session = [] if as_token else [_cookie(SESSION_COOKIE, outcome.secret, seconds)]
    return [*session, device_cookie(outcome.device_token)]


def device_cookie(device_token: str) -> Cookie:
    return _cookie(DEVICE_COOKIE, device_token, _DEVICE_SECONDS)


def oauth_started(start: OAuthStart) -> Response[OAuthStartOut]:
    """Where to go; the browser keeps what it must come back with."""
    seconds = (start.expires_ms - system_clock()) // SECOND_MS
    answer = OAuthStartOut(authorization_url=start.url)
    return Response(200, "application/json", answer, cookies=[_cookie(OAUTH_COOKIE, start.state, seconds)])


def oauth_finished(outcome: SignedIn | SecondFactorNeeded | None) -> Response[None]:
    """Leads on to the console: with a session, to the second factor, or back to the account."""
    cookies = session_cookies(outcome, as_token=False) if isinstance(outcome, SignedIn) else []
    if isinstance(outcome, SecondFactorNeeded):
        return _onward(f"/console/sign-in#challenge={outcome.challenge}", cookies)
    return _onward("/console/account" if outcome is None else "/console", cookies)


def oauth_failed(error: OptiqError) -> Response[None]:
    """Leads back to the sign-in page, with a word for why."""
    code = next(code for kind, code in _WHY.items() if isinstance(error, kind))
    return _onward(f"/console/sign-in#error={code}", [])


def _onward(location: str, cookies: list[Cookie]) -> Response[None]:
    forget = _cookie(OAUTH_COOKIE, "", 0)
    return Response(302, "application/json", None, {"location": location}, cookies=[*cookies, forget])


def no_session_cookie() -> Cookie:
    return _cookie(SESSION_COOKIE, "", 0)


def _cookie(name: str, value: str, seconds: int) -> Cookie:
    return Cookie(name, value, path="/", secure=True, http_only=True, same_site=SameSite.LAX_MODE, max_age=seconds)
