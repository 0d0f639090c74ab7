"""Questions, behaviour, reports and events over HTTP."""

from functions.reports import behaviour, questions, reports
from functions.reports.app import app

__all__ = ["behaviour", "handler", "questions", "reports"]

handler = app
