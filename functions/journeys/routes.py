"""Customers, journeys, conversions and touches over HTTP."""

from functions.journeys import conversions, customers, touches
from functions.journeys.app import app

__all__ = ["conversions", "customers", "handler", "touches"]

handler = app
