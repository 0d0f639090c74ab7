"""A letter as text and as HTML: one column, the system's typeface, nothing loaded from anywhere."""

from html import escape

from optiq.notifications.contracts import Letter

_TEXT = "margin:0 0 16px;font-size:16px;line-height:24px;color:#1f2937"
_SMALL = "margin:0;font-size:13px;line-height:20px;color:#6b7280"
_BUTTON = (
    "display:inline-block;padding:12px 20px;border-radius:8px;background:#4338ca;color:#ffffff;"
    "font-size:16px;font-weight:600;text-decoration:none"
)
_FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"


def as_text(letter: Letter) -> str:
    button = [f"{letter.action}:\n{letter.url}"] if letter.url else []
    return "\n\n".join((*letter.paragraphs, *button, letter.after, "Optiq")) + "\n"


def as_html(letter: Letter) -> str:
    body = "".join(f'<p style="{_TEXT}">{escape(paragraph)}</p>' for paragraph in letter.paragraphs)
    if letter.url:
        link = f'<a href="{escape(letter.url)}" style="{_BUTTON}">{escape(letter.action)}</a>'
        body += f'<p style="margin:24px 0">{link}</p>'
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(letter.subject)}</title></head>"
        f'<body style="margin:0;padding:24px 12px;background:#f3f4f6;{_FONT}">'
        '<div style="max-width:480px;margin:0 auto;padding:32px;border-radius:12px;background:#ffffff">'
        '<p style="margin:0 0 24px;font-size:18px;font-weight:700;color:#4338ca">Optiq</p>'
        f'{body}<p style="{_SMALL}">{escape(letter.after)}</p></div></body></html>'
    )
