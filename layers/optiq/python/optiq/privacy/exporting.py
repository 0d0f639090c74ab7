"""A person's data as a ZIP: a page to read, and for each table a file of JSON Lines."""

import io
import json
import zipfile
from collections import defaultdict
from html import escape

from optiq.kernel.clock import to_rfc3339
from optiq.kernel.person import Person, Row, personal_contexts
from optiq.privacy.contracts import PersonRequest

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}"
    "table{border-collapse:collapse;display:block;overflow-x:auto}"
    "td,th{border:1px solid #ccc;padding:.25rem .5rem;text-align:left;vertical-align:top}"
)
_WORDS = {
    "customers": "Identifiers",
    "events": "Events",
    "sessions": "Visits",
    "conversions": "Conversions",
    "failed_events": "Events that could not be read",
    "held_events": "Events that wait for room in the plan",
    "mails": "Mails",
}


def zip_of(person: Person, request: PersonRequest) -> bytes:
    tables: defaultdict[str, list[Row]] = defaultdict(list)
    for context in personal_contexts().values():
        for table, row in context.export(person):
            tables[table].append(row)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("index.html", _page(tables, request))
        for table, rows in sorted(tables.items()):
            lines = (json.dumps(row, ensure_ascii=False, sort_keys=True, default=str) for row in rows)
            archive.writestr(f"{table}.jsonl", "".join(f"{line}\n" for line in lines))
    return content.getvalue()


def _page(tables: dict[str, list[Row]], request: PersonRequest) -> str:
    parts = [_table(_WORDS.get(name, name), rows) for name, rows in sorted(tables.items())]
    total = sum(map(len, tables.values()))
    said = f"Request {escape(request.request_id)}, answered {to_rfc3339(request.done_ms)}: {total} rows."
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Your data</title>'
        f"<style>{_STYLE}</style><h1>Your data</h1>"
        f"<p>{said} Each table is also a file of JSON Lines beside this page.</p>"
        f"{''.join(parts)}</html>"
    )


def _table(title: str, rows: list[Row]) -> str:
    columns = list(dict.fromkeys(name for row in rows for name, value in row.items() if value not in (None, "")))
    head = "".join(f"<th>{escape(name)}</th>" for name in columns)
    body = "".join("<tr>" + "".join(f"<td>{_cell(row.get(name))}</td>" for name in columns) + "</tr>" for row in rows)
    return f"<h2>{escape(title)} ({len(rows)})</h2><table><tr>{head}</tr>{body}</table>"


def _cell(value: object) -> str:
    if value is None:
        return ""
    return escape(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str))
