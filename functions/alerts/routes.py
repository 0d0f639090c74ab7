"""Alerts, their rules and maintenance windows over HTTP, for people."""

from functions.alerts import alerts, rules, settings, windows
from functions.alerts.app import app

__all__ = ["alerts", "handler", "rules", "settings", "windows"]

handler = app
