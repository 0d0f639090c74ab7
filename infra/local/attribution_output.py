"""An attribution of paths as a table for people, or as CSV, JSON or Parquet for programs."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import asdict, fields

from optiq.attribution.files.contracts import PathAttribution, PathCredit
from optiq.kernel.spreadsheets import shown_text
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

_COLUMNS = [field.name for field in fields(PathCredit)]


def written(found: PathAttribution, form: str) -> str | bytes:
    """`form`: table, csv, json or parquet. CSV and Parquet hold the credits; JSON what else there is to say besides."""
    return _WRITERS[form](found)


def _table(found: PathAttribution) -> str:
    """Channels down, models across, as many beside each other as fit."""
    console = Console(file=io.StringIO(), markup=False, highlight=False)
    channels = list(dict.fromkeys(credit.channel for credit in found.credits))
    models = list(dict.fromkeys(credit.model for credit in found.credits))
    cells = {(credit.channel, credit.model): _cell(credit) for credit in found.credits}
    lines = (line for cell in cells.values() for line in cell.splitlines())
    widest = max(map(len, (*models, *lines)), default=0)
    longest = min(max(map(len, channels), default=0), console.width // 2)
    beside = max(1, (console.width - longest - 3) // (widest + 2))
    if models:
        console.print("Conversions, (their value), [95 % interval]")
    for first in range(0, len(models), beside):
        shown = models[first : first + beside]
        table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
        table.add_column("channel", overflow="fold")
        for model in shown:
            table.add_column(model.replace("_", " ").lower(), justify="right", min_width=widest)
        for channel in channels:
            table.add_row(channel, *(cells[channel, model] for model in shown))
        console.print(table)
    for verdict in found.verdicts:
        reason = f": {verdict.reason}" if verdict.reason else ""
        console.print(f"{verdict.model}: {verdict.verdict}{reason}.", soft_wrap=True)
    for model, need in found.not_computed.items():
        console.print(f"{model} is not computed: it needs {need}.", soft_wrap=True)
    return str(console.file.getvalue())  # type: ignore[attr-defined]


def _cell(credit: PathCredit) -> str:
    lines = [f"{credit.conversions:,.2f}", f"({credit.value:,.2f})"]
    if credit.conversions_low is not None and credit.conversions_high is not None:
        lines.append(f"[{credit.conversions_low:,.1f}–{credit.conversions_high:,.1f}]")
    return "\n".join(lines)


def _csv(found: PathAttribution) -> str:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(_COLUMNS)
    rows.writerows([_shown(getattr(credit, column)) for column in _COLUMNS] for credit in found.credits)
    return text.getvalue()


def _shown(value: object) -> object:
    return shown_text(value) if isinstance(value, str) else value


def _json(found: PathAttribution) -> str:
    return json.dumps(asdict(found), indent=1) + "\n"


def _parquet(found: PathAttribution) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    text, number = pa.string(), pa.float64()
    schema = pa.schema([(name, text if name in ("model", "channel") else number) for name in _COLUMNS])
    columns = [[getattr(credit, name) for credit in found.credits] for name in _COLUMNS]
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(columns, schema=schema), sink)
    return bytes(sink.getvalue())


_WRITERS: dict[str, Callable[[PathAttribution], str | bytes]] = {
    "table": _table,
    "csv": _csv,
    "json": _json,
    "parquet": _parquet,
}
