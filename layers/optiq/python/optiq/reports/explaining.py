"""Why a value of a dimension earned what it did: the conversions that gave it, by pages, from the ledger."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import groupby
from typing import Any

from optiq.journeys.lake import TOUCHES
from optiq.kernel.caller import Caller
from optiq.kernel.clock import from_rfc3339, parse_day
from optiq.kernel.errors import InvalidError
from optiq.kernel.paging import cursor_at, foreign_cursor, list_of, place_in
from optiq.ports import wiring
from optiq.reports import sql
from optiq.reports.asking import Asked
from optiq.reports.contracts import ExplainedConversion, ExplainedTouch, Question, ValueExplanation
from optiq.reports.missing import damaged_files
from optiq.reports.service import reports_of

MAX_PAGE = 100
_LONGEST_WINDOW_DAYS = 400
_MAX_VALUE = 2_000
"""The instant the pages are as of, the number of the last conversion shown, and the list they are of."""
_LAST_MS = from_rfc3339("9999-12-31T23:59:59.999Z")

_COLUMNS = (*sql.EXPLAINED, "channel_rules_version", "number", "conversions", "weights", "all_micros")
_Row = dict[str, Any]


def explain_value(
    caller: Caller,
    site_id: str,
    question: Question,
    model: str,
    value: str,
    limit: int,
    cursor: str | None,
    now_ms: int,
) -> ValueExplanation:
    asked = Asked.of(caller, site_id, (model,) if model else (), question, now_ms)
    if len(value) > _MAX_VALUE:
        raise InvalidError(f"'value' has at most {_MAX_VALUE} characters")
    of_list = list_of(asked.site.site_id, asked.models, asked.question, value)
    as_of_ms, shown = _place(cursor, of_list) if cursor else (now_ms if asked.as_of_ms is None else asked.as_of_ms, 0)
    asked_then = replace(asked, as_of_ms=as_of_ms)
    told_days = (_first_touch_day(asked), asked.days.utc_days[1])
    rows = _rows(asked_then, value, shown, shown + min(limit, MAX_PAGE), told_days)
    conversions = int(rows[0]["conversions"]) if rows else 0
    last = int(rows[-1]["number"]) if rows else 0
    return ValueExplanation(
        model=asked.models[0],
        by=question.by,
        value=value,
        currency=asked.currency,
        timezone=asked.site.timezone,
        from_day=question.from_day,
        to_day=question.to_day,
        conversion=question.conversion,
        as_of_ms=as_of_ms,
        conversions=conversions,
        weights=round(float(rows[0]["weights"]), 9) if rows else 0.0,
        revenue_micros=int(rows[0]["all_micros"] or 0) if rows else 0,
        items=tuple(_conversion([*group]) for _, group in groupby(rows, key=lambda row: row["number"])),
        cursor=cursor_at(of_list, as_of_ms, last) if last < conversions else None,
        verdict=asked.verdicts().get(asked.models[0]),
        note="" if rows or shown else _note(asked_then, value),
        damaged_files=damaged_files(caller.organization_id, asked.read | {TOUCHES.name: told_days}),
    )


def _note(asked: Asked, value: str) -> str:
    """Why no conversion gave the value any credit."""
    report, by = reports_of(asked)[0], asked.question.by.replace("_", " ")
    if report.note:
        return report.note
    if any(row.key == value for row in report.rows):
        return f"{report.model} gives the {by} '{value}' nothing in these days"
    if report.not_computed:
        return f"{report.model} is not computed for {report.not_computed} conversions; no other has the {by} '{value}'"
    return f"no conversion of these days has the {by} '{value}'"


def _rows(asked: Asked, value: str, after: int, last: int, told_days: tuple[str, str]) -> Sequence[_Row]:
    parameters = [*asked.parameters, value, asked.site.site_id, *told_days, after, last]
    found = wiring.query().run(sql.explanation(asked.ledger), asked.site.organization_id, parameters).rows
    return [dict(zip(_COLUMNS, row, strict=True)) for row in found]


def _first_touch_day(asked: Asked) -> str:
    return (parse_day(asked.days.utc_days[0]) - timedelta(days=_LONGEST_WINDOW_DAYS)).isoformat()


def _conversion(rows: Sequence[_Row]) -> ExplainedConversion:
    first = rows[0]
    own = [name for name in ExplainedConversion.__dataclass_fields__ if name not in ("touches", "missing_day")]
    touches = tuple(ExplainedTouch(**{name: row[name] for name in ExplainedTouch.__dataclass_fields__}) for row in rows)
    return ExplainedConversion(
        **{name: first[name] for name in own}, missing_day=first["missing_day"] or "", touches=touches
    )


def _place(cursor: str, of_list: str) -> tuple[int, int]:
    """Raises InvalidError for what is no cursor, or that of another list: its pages would leave conversions out."""
    as_of_ms, shown = map(int, place_in(cursor, of_list, int, int))
    if not (0 <= as_of_ms <= _LAST_MS and shown >= 0):
        raise foreign_cursor()
    return as_of_ms, shown
