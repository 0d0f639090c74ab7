"""Questions, reports and events over HTTP."""

from functions.reports import questions, reports
from functions.reports.app import app

__all__ = ["handler", "questions", "reports"]

handler = app
