"""A table of costs as CSV: a line for each campaign's day."""

import csv
import io
from collections.abc import Mapping

from optiq.ads.contracts import DailyMetric
from optiq.ads.manual.recording import check
from optiq.kernel.errors import InvalidError
from optiq.kernel.money import to_micros

MOST_ROWS = 10_000
_MOST_ERRORS = 10
_LONGEST_NAME, _LONGEST_COUNT = 500, 12
_NEEDED = ("date", "source", "medium", "campaign", "cost", "currency")
_ALSO = ("impressions", "clicks")


def read_csv(text: str) -> list[DailyMetric]:
    """The rows, or none of them. Columns come in any order, separated by commas or semicolons.

    Raises:
        InvalidError: names the lines and what is wrong with each, the first ten of them.
    """
    text = text.removeprefix("\ufeff")
    reader = csv.reader(io.StringIO(text), delimiter=";" if ";" in text.partition("\n")[0] else ",")
    head = _head(next(reader, []))
    found: dict[tuple[str, ...], int] = {}
    metrics: list[DailyMetric] = []
    errors: list[str] = []
    for row in reader:
        if not any(cell.strip() for cell in row):
            continue
        line = reader.line_num
        try:
            metric = _metric(head, row)
            if earlier := found.get(metric.key):
                raise InvalidError(f"the same day and campaign as line {earlier}")
        except InvalidError as error:
            errors.append(f"line {line}: {error}")
            continue
        found[metric.key] = line
        metrics.append(metric)
    if errors:
        more = f"; and {len(errors) - _MOST_ERRORS} more lines" if len(errors) > _MOST_ERRORS else ""
        raise InvalidError(f"csv: {'; '.join(errors[:_MOST_ERRORS])}{more}")
    if not 1 <= len(metrics) <= MOST_ROWS:
        raise InvalidError(f"csv: send 1 to {MOST_ROWS} lines below the names of the columns")
    return metrics


def _head(cells: list[str]) -> list[str]:
    head = [name.strip().lower() for name in cells]
    unknown = sorted(set(head) - {*_NEEDED, *_ALSO})
    if not set(_NEEDED) <= set(head) or unknown or len(set(head)) < len(head):
        also = f"; {unknown[0][:40]} is unknown" if unknown else ""
        raise InvalidError(
            f"csv: line 1: must name the columns {', '.join(_NEEDED)}, and may name {' and '.join(_ALSO)}{also}"
        )
    return head


def _metric(head: list[str], row: list[str]) -> DailyMetric:
    if len(row) != len(head):
        raise InvalidError(f"has {len(row)} columns, not {len(head)}")
    cells = dict(zip(head, map(str.strip, row), strict=True))
    metric = DailyMetric(
        day=cells["date"],
        source=_name(cells, "source"),
        medium=_name(cells, "medium"),
        campaign=cells["campaign"][:_LONGEST_NAME] or "(not set)",
        impressions=_count(cells, "impressions"),
        clicks=_count(cells, "clicks"),
        spend_micros=_cost(cells["cost"]),
        currency=cells["currency"].upper(),
    )
    check(metric)
    return metric


def _name(cells: Mapping[str, str], name: str) -> str:
    if not 1 <= len(cells[name]) <= _LONGEST_NAME:
        raise InvalidError(f"{name}: must have 1 to {_LONGEST_NAME} characters")
    return cells[name]


def _count(cells: Mapping[str, str], name: str) -> int:
    text = cells.get(name) or "0"
    if not (text.isascii() and text.isdecimal() and len(text) <= _LONGEST_COUNT):
        raise InvalidError(f"{name}: must be a whole number such as 40")
    return int(text)


def _cost(text: str) -> int:
    try:
        micros = to_micros(text)
    except InvalidError as error:
        raise InvalidError('cost: must be a number such as "49.90"') from error
    if micros < 0:
        raise InvalidError("cost: must not be below 0")
    return micros
