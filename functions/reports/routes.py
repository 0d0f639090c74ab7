"""Questions, behaviour, reports and events over HTTP."""

from functions.reports import advertising, behaviour, live, money, overview, questions, reports, views
from functions.reports.app import app

__all__ = ["advertising", "behaviour", "handler", "live", "money", "overview", "questions", "reports", "views"]

handler = app
