"""A person's own account."""

from typing import Annotated

from aws_lambda_powertools.event_handler.api_gateway import Response as Answer
from aws_lambda_powertools.event_handler.openapi.params import Path
from optiq.identity.people import api as people
from optiq.kernel.api_resolver import make_resolver
from optiq.kernel.clock import from_rfc3339
from optiq.kernel.errors import UnauthenticatedError
from optiq.kernel.http import authorized

from functions.identity.account_requests import (
    CodeRequest,
    PasswordChangeRequest,
    PersonalKeyRequest,
    ProfileChangeRequest,
    ProofRequest,
    StrongProofRequest,
)
from functions.identity.account_schemas import (
    EnrolmentDocument,
    NewPersonalKeyDocument,
    OAuthStartDocument,
    PersonalKeyDocument,
    PersonalKeysDocument,
    ProfileDocument,
    ProviderDocument,
    ProvidersDocument,
    RecoveryCodesDocument,
    SessionDocument,
    SessionsDocument,
    SignInDocument,
    TwoFactorDocument,
    WhoAmIDocument,
)
from functions.identity.answers import (
    caller,
    comes_by_header,
    no_session_cookie,
    oauth_started,
    session_cookies,
    signed_in,
)

app = make_resolver("account")

_NEW_SESSION = "its answer ends the session that asked, so nobody can ask again"

_Id = Annotated[str, Path()]


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


@app.get("/v1/whoami", personal=True, summary="Whose this session or key is, and what it may do")
def who_am_i() -> WhoAmIDocument:
    told = authorized(app.current_event.raw_event)
    if not told:
        raise UnauthenticatedError("a session or an API key is needed")
    return WhoAmIDocument.of(told)


@app.get("/v1/me", personal=True, summary="My profile and preferences")
def get_me() -> ProfileDocument:
    return ProfileDocument.of(people.profile(caller(app)[0]))


@app.patch("/v1/me", personal=True, summary="Change my profile and preferences")
def change_me(request: ProfileChangeRequest) -> ProfileDocument:
    person, client = caller(app)
    return ProfileDocument.of(people.change_profile(person, request.model_dump(exclude_none=False), client))


@app.post(
    "/v1/me/password",
    personal=True,
    keyless_because=_NEW_SESSION,
    summary="Change my password; every other session ends",
)
def change_password(request: PasswordChangeRequest) -> Answer[SignInDocument]:
    person, client = caller(app)
    outcome = people.change_password(person, request.current_password, request.new_password, client)
    return signed_in(outcome, as_token=comes_by_header(app))


@app.post("/v1/me/two-factor", personal=True, summary="Set up an authenticator app", status_code=201)
def start_two_factor(request: ProofRequest) -> tuple[EnrolmentDocument, int]:
    return EnrolmentDocument.of(people.start_two_factor(caller(app)[0], request.password)), 201


@app.post(
    "/v1/me/two-factor/confirm",
    personal=True,
    keyless_because=_NEW_SESSION,
    summary="Turn two-factor sign-in on with a first code",
)
def confirm_two_factor(request: CodeRequest) -> Answer[TwoFactorDocument]:
    person, client = caller(app)
    codes, outcome = people.confirm_two_factor(person, request.code, client)
    as_token = comes_by_header(app)
    document = TwoFactorDocument(recovery_codes=list(codes), session_token=outcome.secret if as_token else None)
    return Answer(200, "application/json", document, cookies=session_cookies(outcome, as_token=as_token))


@app.post(
    "/v1/me/two-factor/disable", personal=True, keyless_because=_NEW_SESSION, summary="Turn two-factor sign-in off"
)
def disable_two_factor(request: StrongProofRequest) -> Answer[SignInDocument]:
    person, client = caller(app)
    outcome = people.disable_two_factor(person, request.password, request.code, client)
    return signed_in(outcome, as_token=comes_by_header(app))


@app.post("/v1/me/recovery-codes", personal=True, summary="Ten new recovery codes in place of the old")
def renew_recovery_codes(request: StrongProofRequest) -> RecoveryCodesDocument:
    person, client = caller(app)
    codes = people.renew_recovery_codes(person, request.password, request.code, client)
    return RecoveryCodesDocument(recovery_codes=list(codes))


@app.get("/v1/me/sessions", personal=True, summary="Where I am signed in")
def list_sessions() -> SessionsDocument:
    return SessionsDocument(items=[SessionDocument.of(session) for session in people.sessions(caller(app)[0])])


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
def revoke_session(session_id: _Id) -> tuple[None, int]:
    person, client = caller(app)
    people.revoke_session(person, session_id, client)
    return None, 204


@app.get("/v1/me/api-keys", personal=True, summary="My API keys, newest first")
def list_api_keys() -> PersonalKeysDocument:
    return PersonalKeysDocument(items=[PersonalKeyDocument.of(key) for key in people.list_keys(caller(app)[0])])


@app.post(
    "/v1/me/api-keys",
    personal=True,
    summary="Make an API key; its secret is shown this once",
    status_code=201,
    response_description="The key and its secret",
)
def create_api_key(request: PersonalKeyRequest) -> tuple[NewPersonalKeyDocument, int]:
    person, client = caller(app)
    expires_ms = from_rfc3339(request.expires_at) if request.expires_at else None
    made = people.create_key(person, request.name, request.scopes, client, expires_ms=expires_ms)
    return NewPersonalKeyDocument.of(made), 201


@app.delete(
    "/v1/me/api-keys/{key_id}",
    personal=True,
    summary="Revoke an API key, within a minute everywhere",
    status_code=204,
    response_description="It is revoked",
)
def revoke_api_key(key_id: _Id) -> tuple[None, int]:
    person, client = caller(app)
    people.revoke_key(person, key_id, client)
    return None, 204


@app.get("/v1/me/oauth", personal=True, summary="Accounts at Google and GitHub that I sign in with")
def list_providers() -> ProvidersDocument:
    return ProvidersDocument(items=[ProviderDocument.of(one) for one in people.linked_providers(caller(app)[0])])


@app.post(
    "/v1/me/oauth/{provider}",
    personal=True,
    keyless_because="it only says where to go: nothing is linked before the provider sends the browser back",
    summary="Begin to link an account at Google or GitHub",
)
def start_linking(provider: _Id, request: ProofRequest) -> Answer[OAuthStartDocument]:
    return oauth_started(people.start_linking(caller(app)[0], provider.upper(), request.password))


@app.post(
    "/v1/me/oauth/{provider}/unlink",
    personal=True,
    summary="Let go of a linked account",
    status_code=204,
    response_description="It signs nobody in any more",
)
def unlink_provider(provider: _Id, request: ProofRequest) -> tuple[None, int]:
    person, client = caller(app)
    people.unlink_provider(person, provider.upper(), request.password, client)
    return None, 204


handler = app
