"""Billing over HTTP."""

from functions.billing import ledger, offers, staff
from functions.billing.app import app

__all__ = ["handler", "ledger", "offers", "staff"]

handler = app
