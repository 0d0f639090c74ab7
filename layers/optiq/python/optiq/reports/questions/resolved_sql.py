"""The SQL of which campaign a credit's touch is of, as advertising platforms have it."""

from optiq.ads.lake import AD_RESOLUTIONS
from optiq.kernel.lake_tables import latest_row_of_each
from optiq.reports.domain import MAX_DAYS
from optiq.reports.statements import Sql

NO_PLATFORM, NOT_CONNECTED, NOT_KNOWN = "(no platform)", "(not connected)", "(not known)"
"""Of a touch that no advertisement led to; of an account that is not connected; of one that nothing tells."""
OF_PLATFORMS = ("platform", "account", "campaign_id", "group_id", "ad_id")
"""Columns of `ad_resolutions` that are dimensions of the ledger."""


def resolved_touches(of_site: Sql, first: str, last: str) -> Sql:
    """Joins what is known of a touch to `found`, credits of conversions between two UTC days."""
    columns = ("site_id", "touch_id", *OF_PLATFORMS, "evidence")
    shown = ", ".join(("site_id AS resolved_site", "touch_id AS resolved_touch", *OF_PLATFORMS, "evidence"))
    where = f"{of_site.sql} AND dt BETWEEN CAST(date_add('day', -{MAX_DAYS}, CAST(? AS DATE)) AS VARCHAR) AND ?"
    sql = f"""
LEFT JOIN (
    SELECT {shown} FROM ({latest_row_of_each(AD_RESOLUTIONS, where, columns)}) WHERE evidence <> ''
) AS resolved ON resolved.resolved_site = found.site_id AND resolved.resolved_touch = found.touch_id"""  # noqa: S608 - names are ours
    return Sql(sql, (*of_site.parameters, first, last))


def of_resolved(column: str) -> str:
    """What a column is shown as where it has a value, and where it has none."""
    foreign = "" if column == "platform" else f" WHEN evidence = 'FOREIGN' THEN '{NOT_CONNECTED}'"
    return f"""CASE WHEN evidence IS NULL THEN '{NO_PLATFORM}' WHEN {column} <> '' THEN {column}{foreign}
    ELSE '{NOT_KNOWN}' END"""
