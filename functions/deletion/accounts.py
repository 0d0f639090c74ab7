"""The deletion of a user's own account over HTTP."""

from optiq.deletion import api as deletion
from optiq.kernel.errors import NotFoundError

from functions.deletion.app import app
from functions.deletion.schemas import AccountDeletionIn, DeletionOut
from functions.identity.answers import caller

_PATH = "/v1/me/deletion"


@app.get(_PATH, personal=True, summary="When my account is deleted, if it is")
def get_account_deletion() -> DeletionOut:
    found = deletion.account_deletion(caller(app)[0])
    if found is None:
        raise NotFoundError("the account is not being deleted")
    return DeletionOut.model_validate(found)


@app.post(
    _PATH,
    personal=True,
    summary="Delete my account after 30 days; I leave my organizations now",
    status_code=201,
)
def ask_for_account_deletion(request: AccountDeletionIn) -> tuple[DeletionOut, int]:
    person, client = caller(app)
    return DeletionOut.model_validate(deletion.ask_for_account(person, client, password=request.password)), 201


@app.delete(_PATH, personal=True, summary="Keep my account")
def keep_account() -> DeletionOut:
    return DeletionOut.model_validate(deletion.keep_account(*caller(app)))
