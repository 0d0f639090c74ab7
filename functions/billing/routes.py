"""Billing over HTTP."""

from functions.billing import ledger, offers, plans, staff, usage
from functions.billing.app import app

__all__ = ["handler", "ledger", "offers", "plans", "staff", "usage"]

handler = app
