"""Billing over HTTP."""

from functions.billing import ledger
from functions.billing.app import app

__all__ = ["handler", "ledger"]

handler = app
