"""Feedback over HTTP: where a site's conversions are told, and what became of them."""

from functions.feedback import destinations, telling
from functions.feedback.app import app

__all__ = ["destinations", "handler", "telling"]

handler = app
