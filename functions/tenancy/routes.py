"""Organizations, their members, teams, workspaces and sites over HTTP."""

from functions.tenancy import groups, members, organizations, session, sites
from functions.tenancy.app import app

__all__ = ["groups", "handler", "members", "organizations", "session", "sites"]

handler = app
