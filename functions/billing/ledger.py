"""Credits over HTTP."""

from optiq.billing.credits import api as credit_ledger
from optiq.identity.people.api import caller_of

from functions.billing.app import app
from functions.billing.schemas_credits import BalanceOut


@app.get("/v1/credits", needs="billing:read", summary="The organization's credits")
def get_balance() -> BalanceOut:
    return BalanceOut.model_validate(credit_ledger.balance_of(caller_of(app)))
