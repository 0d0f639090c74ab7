"""An answer as a file: CSV that spreadsheets show and never compute, or Parquet."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from optiq.kernel.money import MICROS
from optiq.kernel.spreadsheets import shown_text
from optiq.reports.questions.catalogue import CATALOGUE, Kind
from optiq.reports.questions.contracts import Answer, Number
from optiq.reports.questions.wrong import wrong

if TYPE_CHECKING:
    import pyarrow as pa

Format = Literal["csv", "parquet"]
MOST_BYTES = 4_000_000
"""What fits into an answer of API Gateway, encoded."""
_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Column:
    """`kind` is None for a dimension."""

    name: str
    kind: Kind | None
    values: Sequence[str | Number]


def exported(answer: Answer, form: Format, *, bom: bool = False) -> bytes:
    """A file of the rows.

    Of money there are two columns: a decimal amount, and millionths with `_micros`. With a comparison, each metric has
    `_before` and `_change` too.

    Raises:
        InvalidError: the file is too large.
    """
    columns = _columns(answer)
    content = _parquet(columns) if form == "parquet" else _csv(columns, bom=bom)
    if len(content) > MOST_BYTES:
        raise wrong("limit", f"the file has more than {MOST_BYTES} bytes; ask for fewer rows or metrics")
    return content


def _columns(answer: Answer) -> list[Column]:
    columns = [
        Column(name, None, [row.keys[place] for row in answer.rows]) for place, name in enumerate(answer.dimensions)
    ]
    for place, name in enumerate(answer.metrics):
        kind = CATALOGUE.metrics[name].kind
        columns.append(Column(name, kind, [row.values[place] for row in answer.rows]))
        if answer.compared:
            columns.append(Column(f"{name}_before", kind, [row.before[place] for row in answer.rows]))
            columns.append(Column(f"{name}_change", "RATIO", [row.change[place] for row in answer.rows]))
    if any(column.kind == "MONEY" for column in columns):
        columns.append(Column("currency", None, [answer.currency] * len(answer.rows)))
    return [each for column in columns for each in _with_micros(column)]


def _with_micros(column: Column) -> list[Column]:
    return [column, Column(f"{column.name}_micros", "COUNT", column.values)] if column.kind == "MONEY" else [column]


def _csv(columns: Sequence[Column], *, bom: bool) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)  # RFC 4180: commas, quotes doubled, lines end in CR LF
    writer.writerow([column.name for column in columns])
    writer.writerows(zip(*([_cell(column, value) for value in column.values] for column in columns), strict=True))
    return f"{_BOM if bom else ''}{text.getvalue()}".encode()


def _cell(column: Column, value: str | Number) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return shown_text(value)
    if column.kind == "MONEY":
        return f"{Decimal(value) / MICROS:f}"
    return str(value)


def _parquet(columns: Sequence[Column]) -> bytes:
    import pyarrow as pa
    from pyarrow import parquet

    table = pa.table({column.name: _array(column) for column in columns})
    sink = io.BytesIO()
    parquet.write_table(table, sink)
    return sink.getvalue()


def _array(column: Column) -> "pa.Array[Any]":
    import pyarrow as pa

    if column.kind is None:
        return pa.array(column.values, pa.string())
    if column.kind == "MONEY":
        amounts = [None if value is None else Decimal(value) / MICROS for value in column.values]
        return pa.array(amounts, pa.decimal128(38, 6))
    if column.name.endswith("_micros"):
        return pa.array(column.values, pa.int64())
    return pa.array(column.values, pa.float64())
