"""Costs of connected accounts by campaign, over 90 days of many accounts with 200 ads each.

`python -m tests.performance.ad_costs --accounts 200` measures another number of accounts. CPU is of all threads.
"""

import argparse
import tempfile
import time
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
from optiq.kernel.ids import new_id
from rich.console import Console

from tests.performance.figures import Figure

ACCOUNTS, DAYS = 1_000, 90
_CAMPAIGNS, _ADS = 33, 200
_FIRST = date(2026, 1, 1)
_ORGANIZATION, _SITE, _PLATFORM = new_id("org", 1), new_id("site", 1), "GOOGLE_ADS"


def measure(accounts: int = ACCOUNTS) -> list[Figure]:
    from optiq.ports.lake_folder import FolderLake
    from optiq.ports.query_duckdb import DuckDBQuery

    with tempfile.TemporaryDirectory() as folder:
        lake, query = FolderLake(folder), DuckDBQuery(folder)
        for number in range(DAYS):
            day = (_FIRST + timedelta(days=number)).isoformat()
            lake.append("ad_daily", _ORGANIZATION, day, "bench", _rows(day, accounts))
        campaigns = _cpu(query, accounts, ("campaign",))
        again = _cpu(query, accounts, ("campaign",))
        whole = _cpu(query, accounts, ())
        few = _cpu(query, 10, ("campaign",))
        rows = accounts * DAYS * (1 + _CAMPAIGNS + _ADS)
        return [
            Figure(
                f"campaigns of {accounts} accounts, {DAYS} days",
                campaigns * 1000,
                "ms CPU",
                note=f"{rows} account rows",
            ),
            Figure("the same again", again * 1000, "ms CPU"),
            Figure("the total of all", whole * 1000, "ms CPU"),
            Figure(f"campaigns of 10 of {accounts} accounts", few * 1000, "ms CPU"),
        ]


def _cpu(query: "DuckDBQuery", accounts: int, dimensions: tuple[str, ...]) -> float:  # noqa: F821
    from optiq.reports.costs.accounts import Costs, Owner
    from optiq.reports.domain import DayRange
    from optiq.reports.questions.catalogue import CATALOGUE
    from optiq.reports.questions.part import Part
    from optiq.reports.questions.sources_sql import statement

    owners = tuple(
        Owner(_PLATFORM, str(each), "*", _SITE, "google", "cpc", "Paid Search", f"Account {each}", "UTC")
        for each in range(accounts)
    )
    part = Part(
        site_id=_SITE,
        currency="EUR",
        days=DayRange(_FIRST, _FIRST + timedelta(days=DAYS - 1), ZoneInfo("UTC")),
        dimensions=dimensions,
        bucket="",
        filters=(),
        metrics=tuple(CATALOGUE.metrics[name] for name in ("spend", "clicks", "impressions", "claimed_conversions")),
        model="",
        costs=Costs(owners),
    )
    sql = statement("ads", part)
    began = time.process_time()
    found = query.run(sql.sql, _ORGANIZATION, sql.parameters)
    assert len(found.rows) == (accounts * _CAMPAIGNS if dimensions else 1)
    return time.process_time() - began


def _rows(day: str, accounts: int) -> pa.Table:
    from optiq.ads.lake import AD_DAILY
    from optiq.ports.lake_rows import arrow_schema

    columns: dict[str, list[object]] = {name: [] for name in AD_DAILY.columns}

    def add(account: int, level: str, entity: str, campaign: str, spend: int) -> None:
        row = {"platform": _PLATFORM, "account": str(account), "level": level, "day": day, "entity_id": entity}
        row |= {"campaign_id": campaign, "group_id": "", "kind": "SEARCH", "remainder": "", "currency": "EUR"}
        numbers = {"impressions": 1_000, "clicks": 10, "spend_micros": spend, "claimed_count_micros": 1_000_000}
        numbers |= {"claimed_value_micros": spend, "view_through_micros": 0, "pulled_at": 0, "revision": 1}
        for name, value in {**row, **numbers}.items():
            columns[name].append(value)

    for account in range(accounts):
        add(account, "ACCOUNT", str(account), "", _ADS * 1_000_000)
        for number in range(_CAMPAIGNS):
            add(account, "CAMPAIGN", f"{account}-{number}", f"{account}-{number}", _ADS * 1_000_000 // _CAMPAIGNS)
        for number in range(_ADS):
            add(account, "AD", f"ad-{account}-{number}", f"{account}-{number % _CAMPAIGNS}", 1_000_000)
    schema = arrow_schema(AD_DAILY)
    arrays = [pa.array(columns[field.name]).cast(field.type) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--accounts", type=int, default=ACCOUNTS)
    console = Console()
    for figure in measure(options.parse_args().accounts):
        console.print(f"{figure.name}: {figure.value:,.0f} {figure.unit} {figure.note}")
