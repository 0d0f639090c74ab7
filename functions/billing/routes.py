"""Billing over HTTP."""

from functions.billing import ledger, offers, plans, staff, staff_plans, usage
from functions.billing.app import app

__all__ = ["handler", "ledger", "offers", "plans", "staff", "staff_plans", "usage"]

handler = app
