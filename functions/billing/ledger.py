"""Credits over HTTP."""

from optiq.billing.credits import api as credit_ledger
from optiq.billing.credits.verifying import verify
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import Cursor
from optiq.kernel.schemas import Limit

from functions.billing.app import app
from functions.billing.schemas_credits import (
    BalanceOut,
    CheckOut,
    EntriesOut,
    EntryOut,
    HoldOut,
    HoldsOut,
    LotOut,
    LotsOut,
)


@app.get("/v1/credits", needs="billing:read", summary="The organization's credits")
def get_balance() -> BalanceOut:
    return BalanceOut.model_validate(credit_ledger.balance_of(caller_of(app)))


@app.get("/v1/credits/entries", needs="billing:read", summary="Every change of the credits, newest first")
def list_credit_entries(limit: Limit = 50, cursor: Cursor = None) -> EntriesOut:
    page = credit_ledger.entries_of(caller_of(app), limit=limit, cursor=cursor)
    return EntriesOut(items=[EntryOut.of(entry) for entry in page.items], cursor=page.cursor)


@app.get("/v1/credits/lots", needs="billing:read", summary="Which credits there are, and when they expire")
def list_credit_lots() -> LotsOut:
    lots = credit_ledger.lots_of(caller_of(app))
    return LotsOut(items=[LotOut.of(lot) for lot in lots], cursor=None)


@app.get("/v1/credits/holds", needs="billing:read", summary="Credits that are set aside for work that runs")
def list_credit_holds() -> HoldsOut:
    holds = credit_ledger.holds_of(caller_of(app))
    return HoldsOut(items=[HoldOut.of(hold) for hold in holds], cursor=None)


@app.get("/v1/credits/check", needs="billing:read", summary="Whether every entry is as it was written")
def check_credits() -> CheckOut:
    return CheckOut.model_validate(verify(caller_of(app)))
