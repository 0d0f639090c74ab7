"""Meta's insights and report runs, as the client meets them: texts for numbers, pages, and runs that take a while."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from infra.local.ad_platforms.world import Account, DayRow, Heard, MetaRun, Reply, World

_KEYS = {"account": (), "campaign": ("campaign",), "ad": ("campaign", "ad")}
_PURCHASES = ("omni_purchase", "purchase", "offsite_conversion.fb_pixel_purchase")


def insights(world: World, account: Account, heard: Heard) -> Reply:
    """A page of rows, as the world is now; or, of a POST, a run."""
    asked = heard.body if heard.method == "POST" else heard.query
    assert asked["time_increment"] == "1"
    assert json.loads(asked["action_attribution_windows"]) == ["1d_view", "7d_click"]
    days = json.loads(asked["time_range"])
    level, first, last = asked["level"], days["since"], days["until"]
    if heard.method == "GET":
        return page(world, _rows(world, account, level, first, last, asked["fields"].split(",")), heard)
    rows = _rows(world, account, level, first, last, asked["fields"].split(","))
    run = MetaRun(f"60239{len(world.runs):08d}", account.external_id, level, first, last, rows, [])
    run.statuses = list(world.run_plan(run))
    world.runs[run.run_id] = run
    return Reply(200, {"report_run_id": run.run_id})


def progress(run: MetaRun) -> dict[str, object]:
    """The run's next status; it keeps the last."""
    status = run.statuses.pop(0) if len(run.statuses) > 1 else run.statuses[0]
    percent = {"Job Completed": 100, "Job Running": 40}.get(status, 0)
    body: dict[str, object] = {
        "id": run.run_id,
        "account_id": run.account,
        "async_status": status,
        "async_percent_completion": percent,
    }
    failed = {"error_code": 2, "error_subcode": 1504044} if status == "Job Failed" else {}
    return body | failed


def page(world: World, rows: Sequence[Any], heard: Heard) -> Reply:
    """The cursor is a place in the list, so a list that changes between pages moves."""
    start, size = int(heard.query.get("after", "0")), min(int(heard.query["limit"]), world.most_in_page)
    paging: dict[str, object] = {"cursors": {"before": "MA", "after": str(start + size)}}
    if start + size < len(rows):
        paging["next"] = "https://elsewhere.example/steal?access_token=in-the-address"
    return Reply(200, {"data": list(rows[start : start + size]), "paging": paging})


@dataclass
class _Sum:
    micros: int = 0
    impressions: int = 0
    clicks: int = 0
    claimed: Decimal = field(default_factory=Decimal)
    viewed: Decimal = field(default_factory=Decimal)
    value: Decimal = field(default_factory=Decimal)

    def add(self, row: DayRow) -> None:
        self.micros += row.cost_micros
        self.impressions += row.impressions
        self.clicks += row.clicks
        self.claimed += Decimal(str(row.claimed))
        self.viewed += Decimal(str(row.viewed))
        self.value += Decimal(str(row.claimed_value))


def _rows(world: World, account: Account, level: str, first: str, last: str, fields: Sequence[str]) -> list[Any]:
    sums: dict[tuple[str, ...], tuple[DayRow, _Sum]] = {}
    for row in world.by_account.get(account.external_id, []):
        key = (row.day, *(getattr(row, name) for name in _KEYS[level]))
        if first <= row.day <= last and all(key):
            sums.setdefault(key, (row, _Sum()))[1].add(row)
    shown = (_row(account, row, total) for row, total in sums.values() if _is_active(total))
    return [{name: value for name, value in one.items() if name in fields or name == "date_stop"} for one in shown]


def _is_active(total: _Sum) -> bool:
    return bool(total.micros or total.impressions or total.clicks or total.claimed)


def _row(account: Account, row: DayRow, total: _Sum) -> dict[str, Any]:
    found: dict[str, Any] = {
        "account_currency": account.currency,
        "campaign_id": row.campaign,
        "adset_id": row.group,
        "ad_id": row.ad,
        "spend": _text(Decimal(total.micros) / 1_000_000),
        "impressions": str(total.impressions),
        "clicks": str(total.clicks),
        "date_start": row.day,
        "date_stop": row.day,
    }
    if total.claimed:
        windows = {"1d_view": _text(total.viewed), "7d_click": _text(total.claimed - total.viewed)}
        all_of = {"action_type": _PURCHASES[0], "value": _text(total.claimed), **windows}
        others = [{"action_type": name, "value": _text(total.claimed)} for name in _PURCHASES[1:]]
        found["actions"] = [{"action_type": "link_click", "value": str(total.clicks)}, *others, all_of]
        found["action_values"] = [{"action_type": name, "value": _text(total.value)} for name in _PURCHASES]
    return found


def _text(number: Decimal) -> str:
    return f"{number.normalize():f}"
