"""How answers are shown: JSON for programs, tables and lines for people."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from optiq_cli.client import Document, Listed

_MICROS = 1_000_000


def print_json(document: Mapping[str, Any]) -> None:
    click.echo(json.dumps(document, ensure_ascii=False))


def print_fields(fields: Mapping[str, Any]) -> None:
    """A line for each field: lists with commas, nothing for null."""
    width = max(map(len, fields), default=0) + 1
    for name, value in fields.items():
        click.echo(f"{name:<{width}} {_field(value)}".rstrip())


def print_list(listed: "Listed", columns: Mapping[str, str], *, as_json: bool) -> None:
    """A row for each item, or the items as JSON.

    Args:
        columns: which fields, by the heading of their column; a dot leads into an object.
    """
    if as_json:
        print_json({"items": listed.items, "cursor": listed.cursor})
        return
    rows = [[_field(_within(item, path)) for path in columns.values()] for item in listed.items]
    print_rows(list(columns), rows)
    if listed.cursor is not None:
        click.echo("There are more: list them with a higher --limit.", err=True)


def print_rows(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table whose first column, the id, is never cut."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD)
    for number, heading in enumerate(headings):
        table.add_column(heading, no_wrap=not number, overflow="fold")
    for row in rows:
        table.add_row(*row)
    print_table(table)


def print_table(table: "Table") -> None:
    console().print(table)


def console() -> "Console":
    """Shows names as they are written: brackets in them are no markup."""
    from rich.console import Console

    return Console(markup=False, highlight=False, emoji=False)


def for_people(document: Any) -> Any:
    """The same document without characters that a terminal would take for commands."""
    if isinstance(document, str):
        return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in document)
    if isinstance(document, dict):
        return {name: for_people(value) for name, value in document.items()}
    if isinstance(document, list):
        return [for_people(each) for each in document]
    return document


def money(micros: int) -> str:
    """Rounded to cents, for reading only."""
    return f"{micros / _MICROS:,.2f}"


def minute(instant: str) -> str:
    """2026-01-01T09:30:15.123Z -> 2026-01-01 09:30."""
    return instant[:16].replace("T", " ")


def _within(item: "Document", path: str) -> Any:
    found: Any = item
    for name in path.split("."):
        found = found[name]
    return found


def _field(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_field, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(for_people(value) if isinstance(value, str) else value)
