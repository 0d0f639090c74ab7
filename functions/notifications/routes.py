"""Mails, inboxes, channels and preferences over HTTP."""

from functions.notifications import channels, inbox, mails, preferences
from functions.notifications.app import app

__all__ = ["channels", "handler", "inbox", "mails", "preferences"]

handler = app
