"""Questions, behaviour, reports and events over HTTP."""

from functions.reports import behaviour, live, overview, questions, reports, views
from functions.reports.app import app

__all__ = ["behaviour", "handler", "live", "overview", "questions", "reports", "views"]

handler = app
