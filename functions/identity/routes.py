"""A user's own account, and the ingestion tokens of sites, over HTTP."""

from functions.identity import account, tokens
from functions.identity.app import app

__all__ = ["account", "handler", "tokens"]

handler = app
