"""Billing over HTTP."""

from functions.billing import ledger, plans
from functions.billing.app import app

__all__ = ["handler", "ledger", "plans"]

handler = app
