"""A mail as text and as HTML: one column, the system's typeface, no external resources."""

from html import escape

from optiq.notifications.contracts import MailContent

_TEXT = "margin:0 0 16px;font-size:16px;line-height:24px;color:#1f2937"
_SMALL = "margin:0;font-size:13px;line-height:20px;color:#6b7280"
_BUTTON = (
    "display:inline-block;padding:12px 20px;border-radius:8px;background:#4338ca;color:#ffffff;"
    "font-size:16px;font-weight:600;text-decoration:none"
)
_FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"


def as_text(content: MailContent) -> str:
    button = [f"{content.action}:\n{content.url}"] if content.url else []
    return "\n\n".join((*content.paragraphs, *button, content.after, "Optiq")) + "\n"


def as_html(content: MailContent) -> str:
    body = "".join(f'<p style="{_TEXT}">{escape(paragraph)}</p>' for paragraph in content.paragraphs)
    if content.url:
        link = f'<a href="{escape(content.url)}" style="{_BUTTON}">{escape(content.action)}</a>'
        body += f'<p style="margin:24px 0">{link}</p>'
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(content.subject)}</title></head>"
        f'<body style="margin:0;padding:24px 12px;background:#f3f4f6;{_FONT}">'
        '<div style="max-width:480px;margin:0 auto;padding:32px;border-radius:12px;background:#ffffff">'
        '<p style="margin:0 0 24px;font-size:18px;font-weight:700;color:#4338ca">Optiq</p>'
        f'{body}<p style="{_SMALL}">{escape(content.after)}</p></div></body></html>'
    )
