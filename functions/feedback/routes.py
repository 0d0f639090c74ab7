"""Feedback over HTTP: where a site's conversions are told."""

from functions.feedback import destinations
from functions.feedback.app import app

__all__ = ["destinations", "handler"]

handler = app
