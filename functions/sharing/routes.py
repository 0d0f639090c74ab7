"""Dashboards and share links over HTTP, for people."""

from functions.sharing import dashboards, shares
from functions.sharing.app import app

__all__ = ["dashboards", "handler", "shares"]

handler = app
