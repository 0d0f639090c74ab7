"""Deletions over HTTP: of what an organization has, and of a user's account."""

from functions.deletion import accounts, tenants
from functions.deletion.app import app

__all__ = ["accounts", "handler", "tenants"]

handler = app
