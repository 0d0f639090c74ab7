"""Dashboards over HTTP."""

from functions.sharing import dashboards
from functions.sharing.app import app

__all__ = ["dashboards", "handler"]

handler = app
