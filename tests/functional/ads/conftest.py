"""Ads are tested against the same folder lake as reports."""

from tests.functional.reports.conftest import make_site

__all__ = ["make_site"]
