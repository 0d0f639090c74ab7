"""Questions, behaviour, reports and events over HTTP."""

from functions.reports import behaviour, overview, questions, reports
from functions.reports.app import app

__all__ = ["behaviour", "handler", "overview", "questions", "reports"]

handler = app
