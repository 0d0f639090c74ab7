"""A mail as text and as HTML: one column, the system's typeface, no external resources."""

from html import escape
from unicodedata import bidirectional

from optiq.mail.contracts import MailContent, MailRow, MailTable

_TEXT = "margin:0 0 16px;font-size:16px;line-height:24px;color:#1f2937"
_SMALL = "margin:0;font-size:13px;line-height:20px;color:#6b7280"
_BUTTON = (
    "display:inline-block;padding:12px 20px;border-radius:8px;background:#4338ca;color:#ffffff;"
    "font-size:16px;font-weight:600;text-decoration:none"
)
_FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"


_TABLE = "border-collapse:collapse;width:100%;margin:0 0 8px;font-size:14px;line-height:20px;color:#1f2937"
_CELL = "padding:4px 8px;border-bottom:1px solid #e5e7eb;vertical-align:top"
_NAME, _NUMBER = f"{_CELL};text-align:left", f"{_CELL};text-align:right"
_BAR = "height:10px;border-radius:2px;background:#4338ca"
_WIDTH, _WIDTH_WITH_TABLES = 480, 720
_ISOLATED = "\u2068{}\u2069"
"""Keeps letters that are written from right to left from moving what is beside them (Unicode's FSI and PDI)."""
_FROM_RIGHT = ("R", "AL", "AN")


def as_text(content: MailContent) -> str:
    button = [f"{content.action}:\n{content.url}"] if content.url else []
    tables = [_table_as_text(table) for table in content.tables]
    return "\n\n".join((*content.paragraphs, *tables, *button, content.after, "Optiq")) + "\n"


def as_html(content: MailContent) -> str:
    body = "".join(f'<p style="{_TEXT}">{escape(paragraph)}</p>' for paragraph in content.paragraphs)
    body += "".join(map(_table_as_html, content.tables))
    if content.url:
        link = f'<a href="{escape(content.url)}" style="{_BUTTON}">{escape(content.action)}</a>'
        body += f'<p style="margin:24px 0">{link}</p>'
    width = _WIDTH_WITH_TABLES if content.tables else _WIDTH
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(content.subject)}</title></head>"
        f'<body style="margin:0;padding:24px 12px;background:#f3f4f6;{_FONT}">'
        f'<div style="max-width:{width}px;margin:0 auto;padding:32px;border-radius:12px;background:#ffffff">'
        '<p style="margin:0 0 24px;font-size:18px;font-weight:700;color:#4338ca">Optiq</p>'
        f'{body}<p style="{_SMALL}">{escape(content.after)}</p></div></body></html>'
    )


def _table_as_text(table: MailTable) -> str:
    lines = [table.columns, *(row.cells for row in table.rows)]
    found = ["  |  ".join(_isolated(cell) for cell in line) for line in lines if line]
    return "\n".join((_isolated(table.title), *found, *([table.note] if table.note else [])))


def _isolated(text: str) -> str:
    turns = any(bidirectional(character) in _FROM_RIGHT for character in text)
    return _ISOLATED.format(text) if turns else text


def _table_as_html(table: MailTable) -> str:
    title = f'<h2 style="margin:24px 0 8px;font-size:16px" dir="auto">{escape(table.title)}</h2>' if table.title else ""
    bars = any(row.bar is not None for row in table.rows)
    head = "".join(_cell("th", number, name) for number, name in enumerate(table.columns))
    head += f'<th style="{_CELL};width:80px"></th>' if bars and head else ""
    rows = "".join(f"<tr>{_row(row, bars=bars)}</tr>" for row in table.rows)
    drawn = f'<table style="{_TABLE}"><tr>{head}</tr>{rows}</table>' if table.columns else ""
    return f"{title}{drawn}" + (f'<p style="{_SMALL}" dir="auto">{escape(table.note)}</p>' if table.note else "")


def _row(row: MailRow, *, bars: bool) -> str:
    cells = "".join(_cell("td", number, text) for number, text in enumerate(row.cells))
    if not bars:
        return cells
    percent = 0 if row.bar is None else round(100 * max(0.0, min(1.0, row.bar)))
    return f'{cells}<td style="{_CELL};width:80px"><div style="{_BAR};width:{percent}%"></div></td>'


def _cell(tag: str, number: int, text: str) -> str:
    return f'<{tag} style="{_NUMBER if number else _NAME}" dir="auto">{escape(text)}</{tag}>'
