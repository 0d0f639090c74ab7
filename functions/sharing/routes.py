"""Dashboards, share links and scheduled mails over HTTP, for people."""

from functions.sharing import dashboards, mails, shares
from functions.sharing.app import app

__all__ = ["dashboards", "handler", "mails", "shares"]

handler = app
