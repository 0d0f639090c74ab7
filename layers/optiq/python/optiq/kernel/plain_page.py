"""A page of a heading and a sentence, for people whose browser asked and who get nothing else."""

import base64
import html
from collections.abc import Mapping
from hashlib import sha256

from optiq.kernel.http import Response

_STYLE = "body{font:1rem/1.5 system-ui;max-width:32rem;margin:20vh auto;padding:0 1rem}h1{font-size:1.4rem}"
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>{style}</style><h1>{title}</h1><p>{text}</p>"""
# The one style sheet is named by its hash; nothing else loads.
_HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    f"style-src 'sha256-{base64.b64encode(sha256(_STYLE.encode()).digest()).decode()}'",
    "x-content-type-options": "nosniff",
}


def plain_page(status: int, title: str, text: str, headers: Mapping[str, str] | None = None) -> Response:
    """An answer with such a page; the texts are plain, and `headers` are sent too."""
    body = _PAGE.format(title=html.escape(title), style=_STYLE, text=html.escape(text))
    return {"statusCode": status, "headers": {**_HEADERS, **(headers or {})}, "body": body}
