"""A user's own account."""

from typing import Annotated

from aws_lambda_powertools.event_handler.api_gateway import Response as Answer
from aws_lambda_powertools.event_handler.openapi.params import Path
from optiq.identity.people import api as people
from optiq.kernel.api_resolver import Cursor
from optiq.kernel.errors import UnauthenticatedError
from optiq.kernel.http import authorized
from optiq.kernel.paging import Page
from optiq.kernel.schemas import Limit

from functions.identity.answers import (
    caller,
    comes_by_header,
    no_session_cookie,
    oauth_started,
    session_cookies,
    signed_in,
)
from functions.identity.app import app
from functions.identity.schemas import (
    ApiKeysOut,
    EnrolmentOut,
    NewApiKeyOut,
    OAuthStartOut,
    ProfileOut,
    Provider,
    ProvidersOut,
    RecoveryCodesOut,
    SessionsOut,
    SignInOut,
    TwoFactorOut,
    WhoAmIOut,
)
from functions.identity.schemas_requests import (
    ApiKeyIn,
    CodeIn,
    PasswordIn,
    ProfilePatch,
    ProofIn,
    StrongProofIn,
)

_NEW_SESSION = "its answer ends the session that asked, so nobody can ask again"
_SessionId = Annotated[str, Path(description="id of the session, as the list has it")]
_KeyId = Annotated[str, Path(description="id of the key, as the list has it")]
_Provider = Annotated[Provider, Path(description="the provider")]


@app.post(
    "/v1/sign-out",
    personal=True,
    keyless_because=_NEW_SESSION,
    summary="End this session",
    tags=["sign-in"],
    status_code=204,
    response_description="It has ended",
)
def sign_out() -> Answer[None]:
    people.sign_out(*caller(app))
    return Answer(204, "application/json", None, cookies=[no_session_cookie()])


@app.get("/v1/whoami", any_key=True, summary="The user and organization of this session or key, and what it may do")
def who_am_i() -> WhoAmIOut:
    caller = authorized(app.current_event.raw_event)
    if not caller:
        raise UnauthenticatedError("a session or an API key is needed")
    return WhoAmIOut.found(caller)


@app.get("/v1/me", any_key=True, summary="My profile and preferences")
def get_me() -> ProfileOut:
    return ProfileOut.model_validate(people.profile(caller(app)[0]))


@app.patch("/v1/me", personal=True, summary="Change my profile and preferences")
def change_me(request: ProfilePatch) -> ProfileOut:
    person, client = caller(app)
    return ProfileOut.model_validate(people.change_profile(person, request.model_dump(exclude_none=False), client))


@app.post(
    "/v1/me/password",
    personal=True,
    keyless_because=_NEW_SESSION,
    summary="Change my password; every other session ends",
)
def change_password(request: PasswordIn) -> Answer[SignInOut]:
    person, client = caller(app)
    outcome = people.change_password(person, request.current_password, request.new_password, client)
    return signed_in(outcome, as_token=comes_by_header(app))


@app.post("/v1/me/two-factor", personal=True, summary="Set up an authenticator app", status_code=201)
def start_two_factor(request: ProofIn) -> tuple[EnrolmentOut, int]:
    return EnrolmentOut.model_validate(people.start_two_factor(caller(app)[0], request.password)), 201


@app.post(
    "/v1/me/two-factor/confirm",
    personal=True,
    keyless_because=_NEW_SESSION,
    summary="Turn two-factor sign-in on with a first code",
)
def confirm_two_factor(request: CodeIn) -> Answer[TwoFactorOut]:
    person, client = caller(app)
    codes, outcome = people.confirm_two_factor(person, request.code, client)
    as_token = comes_by_header(app)
    document = TwoFactorOut(recovery_codes=list(codes), session_token=outcome.secret if as_token else None)
    return Answer(200, "application/json", document, cookies=session_cookies(outcome, as_token=as_token))


@app.post(
    "/v1/me/two-factor/disable", personal=True, keyless_because=_NEW_SESSION, summary="Turn two-factor sign-in off"
)
def disable_two_factor(request: StrongProofIn) -> Answer[SignInOut]:
    person, client = caller(app)
    outcome = people.disable_two_factor(person, request.password, request.code, client)
    return signed_in(outcome, as_token=comes_by_header(app))


@app.post("/v1/me/recovery-codes", personal=True, summary="Ten new recovery codes in place of the old")
def renew_recovery_codes(request: StrongProofIn) -> RecoveryCodesOut:
    person, client = caller(app)
    codes = people.renew_recovery_codes(person, request.password, request.code, client)
    return RecoveryCodesOut(recovery_codes=list(codes))


@app.get("/v1/me/sessions", personal=True, summary="Where I am signed in")
def list_sessions() -> SessionsOut:
    return SessionsOut.model_validate(Page(tuple(people.sessions(caller(app)[0]))))


@app.delete(
    "/v1/me/sessions",
    personal=True,
    summary="Sign out everywhere, here too",
    status_code=204,
    response_description="Every session has ended",
)
def revoke_all_sessions() -> Answer[None]:
    people.revoke_all_sessions(*caller(app))
    return Answer(204, "application/json", None, cookies=[no_session_cookie()])


@app.delete(
    "/v1/me/sessions/{session_id}",
    personal=True,
    summary="End one session, within a minute everywhere",
    status_code=204,
    response_description="It has ended",
)
def revoke_session(session_id: _SessionId) -> tuple[None, int]:
    person, client = caller(app)
    people.revoke_session(person, session_id, client)
    return None, 204


@app.get("/v1/me/api-keys", personal=True, summary="My API keys, newest first")
def list_api_keys(limit: Limit = 50, cursor: Cursor = None) -> ApiKeysOut:
    return ApiKeysOut.model_validate(people.list_keys(caller(app)[0], limit, cursor))


@app.post(
    "/v1/me/api-keys",
    personal=True,
    summary="Create an API key; its secret is shown this once",
    status_code=201,
    response_description="The key and its secret",
)
def create_api_key(request: ApiKeyIn) -> tuple[NewApiKeyOut, int]:
    person, client = caller(app)
    made = people.create_key(person, request.name, request.scopes, client, expires_ms=request.expires_at)
    return NewApiKeyOut.model_validate(made), 201


@app.delete(
    "/v1/me/api-keys/{key_id}",
    personal=True,
    summary="Revoke an API key, within a minute everywhere",
    status_code=204,
    response_description="It is revoked",
)
def revoke_api_key(key_id: _KeyId) -> tuple[None, int]:
    person, client = caller(app)
    people.revoke_key(person, key_id, client)
    return None, 204


@app.get("/v1/me/oauth", personal=True, summary="Accounts at Google and GitHub that I sign in with")
def list_providers() -> ProvidersOut:
    return ProvidersOut.model_validate(Page(tuple(people.linked_providers(caller(app)[0]))))


@app.post(
    "/v1/me/oauth/{provider}",
    personal=True,
    keyless_because="it only says where to go: nothing is linked before the provider sends the browser back",
    summary="Begin to link an account at Google or GitHub",
)
def start_linking(provider: _Provider, request: ProofIn) -> Answer[OAuthStartOut]:
    return oauth_started(people.start_linking(caller(app)[0], provider.upper(), request.password))


@app.post(
    "/v1/me/oauth/{provider}/unlink",
    personal=True,
    summary="Unlink an account",
    status_code=204,
    response_description="It is unlinked",
)
def unlink_provider(provider: _Provider, request: ProofIn) -> tuple[None, int]:
    person, client = caller(app)
    people.unlink_provider(person, provider.upper(), request.password, client)
    return None, 204
