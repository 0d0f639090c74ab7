"""The routes of operations."""

from functions.operations import errors, staff_errors, staff_jobs, staff_metrics, staff_status
from functions.operations.app import app

__all__ = ["errors", "handler", "staff_errors", "staff_jobs", "staff_metrics", "staff_status"]

handler = app
