"""What a shop reports, taken in: rows, or a table as CSV."""

import csv
import io
import time
from collections.abc import Sequence
from dataclasses import asdict

from optiq.audit import api as audit
from optiq.audit.contracts import Change, Fields
from optiq.kernel.caller import Caller
from optiq.kernel.clock import parse_day
from optiq.kernel.errors import InvalidError
from optiq.kernel.money import parse_currency, to_micros
from optiq.ports import wiring
from optiq.ports.lake_rows import arrow_table, name_of
from optiq.reports.lake import SHOP_TOTALS
from optiq.reports.reconciliation.contracts import ShopTotal
from optiq.tenancy import api as tenancy

MOST_DAYS = 1_000
_MOST_ORDERS = 10**9
_COLUMNS = ("day", "orders", "revenue", "currency")


def record(caller: Caller, site_id: str, totals: Sequence[ShopTotal]) -> int:
    tenancy.get_site(caller.organization_id, site_id)
    if not 1 <= len(totals) <= MOST_DAYS:
        raise InvalidError(f"rows: send 1 to {MOST_DAYS} days")
    days: dict[str, ShopTotal] = {}
    for place, total in enumerate(totals):
        if _checked(place, total).day in days:
            raise InvalidError(f"rows.{place}: day: {total.day} is there twice")
        days[total.day] = total
    sent: Fields = {"rows": len(totals), "from": min(days), "to": max(days)}
    audit.commit(
        [], [Change(caller.organization_id, caller.actor, "shop_totals.sent", site_id, {}, sent, caller.origin)]
    )
    revision = time.time_ns()
    for day, total in days.items():
        row: dict[str, object] = asdict(total) | {"site_id": site_id}
        table = arrow_table(SHOP_TOTALS, [row | {"revision": revision}])
        wiring.lake().append(SHOP_TOTALS.name, caller.organization_id, day, name_of("shop", [row]), table)
    return len(days)


def read_csv(text: str) -> list[ShopTotal]:
    """A table with the columns day, orders, revenue and currency, in any order, separated by commas or semicolons.

    Raises:
        InvalidError: the message names the line and the column.
    """
    text = text.removeprefix("\ufeff")
    between = ";" if ";" in text.partition("\n")[0] else ","
    rows = list(csv.reader(io.StringIO(text), delimiter=between))
    head = [name.strip().lower() for name in rows[0]] if rows else []
    if sorted(head) != sorted(_COLUMNS):
        raise InvalidError(f"csv: the first line must name the columns {', '.join(_COLUMNS)}")
    found = []
    for number, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(head):
            raise InvalidError(f"csv: line {number} has {len(row)} columns, not {len(head)}")
        found.append(_total(number, dict(zip(head, map(str.strip, row), strict=True))))
    return found


def _total(number: int, cells: dict[str, str]) -> ShopTotal:
    if not (cells["orders"].isascii() and cells["orders"].isdecimal()):
        raise InvalidError(f"csv: line {number}: orders: must be a number such as 12")
    try:
        micros = to_micros(cells["revenue"])
    except InvalidError as error:
        raise InvalidError(f'csv: line {number}: revenue: must be a number such as "49.90"') from error
    return ShopTotal(cells["day"], int(cells["orders"]), micros, cells["currency"].upper())


def _checked(place: int, total: ShopTotal) -> ShopTotal:
    try:
        parse_day(total.day)
        if parse_currency(total.currency) != total.currency:
            raise InvalidError(f"currency: '{total.currency[:20]}' is not a currency code such as EUR")
        if not 0 <= total.orders <= _MOST_ORDERS:
            raise InvalidError(f"orders: must be between 0 and {_MOST_ORDERS}")
    except InvalidError as error:
        raise InvalidError(f"rows.{place}: {error}") from error
    return total
