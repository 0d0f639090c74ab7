"""Credits over HTTP."""

from optiq.billing.credits import api as credit_ledger
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import Cursor
from optiq.kernel.schemas import Limit

from functions.billing.app import app
from functions.billing.schemas_credits import (
    BalanceOut,
    CreditCheckOut,
    CreditEntriesOut,
    CreditEntryOut,
    CreditHoldOut,
    CreditHoldsOut,
    CreditLotOut,
    CreditLotsOut,
)


@app.get("/v1/credits", needs="billing:read", summary="The organization's credits")
def get_balance() -> BalanceOut:
    return BalanceOut.model_validate(credit_ledger.balance_of(caller_of(app)))


@app.get("/v1/credits/entries", needs="billing:read", summary="Every change of the credits, newest first")
def list_credit_entries(limit: Limit = 50, cursor: Cursor = None) -> CreditEntriesOut:
    page = credit_ledger.entries_of(caller_of(app), limit=limit, cursor=cursor)
    return CreditEntriesOut(items=[CreditEntryOut.of(entry) for entry in page.items], cursor=page.cursor)


@app.get("/v1/credits/lots", needs="billing:read", summary="Which credits there are, and when they expire")
def list_credit_lots() -> CreditLotsOut:
    lots = credit_ledger.lots_of(caller_of(app))
    return CreditLotsOut(items=[CreditLotOut.of(lot) for lot in lots], cursor=None)


@app.get("/v1/credits/holds", needs="billing:read", summary="Credits that are set aside for work that runs")
def list_credit_holds() -> CreditHoldsOut:
    holds = credit_ledger.holds_of(caller_of(app))
    return CreditHoldsOut(items=[CreditHoldOut.of(hold) for hold in holds], cursor=None)


@app.get("/v1/credits/check", needs="billing:read", summary="Whether every entry is as it was written")
def check_credits() -> CreditCheckOut:
    return CreditCheckOut.model_validate(credit_ledger.verify(caller_of(app)))
