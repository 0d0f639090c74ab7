"""The demonstration shop under /shop/: a page tree that exists on one machine only."""

import json
import mimetypes
from pathlib import Path
from urllib.parse import parse_qs

from infra.local.http_event import HttpAnswer

PREFIX = "/shop/"
_FOLDER = Path(__file__).parent / "shop"
_PLACEHOLDER = b"{{SITE_KEY}}"


def page(home: Path, path: str, query: str) -> HttpAnswer | None:
    """A file of the shop; a path without an extension is the single page itself. None when there is no such file.

    In HTML, {{SITE_KEY}} becomes the public key given as ?site=, else the sample's.
    """
    name = path.removeprefix(PREFIX)
    try:
        file = (_FOLDER / (name if Path(name).suffix else "index.html")).resolve()
        if not file.is_relative_to(_FOLDER) or not file.is_file():
            return None
        body = file.read_bytes()
    except (OSError, ValueError):
        # A name no file can have.
        return None
    media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    if media_type == "text/html":
        key = parse_qs(query).get("site", [""])[0] or _sample_key(home)
        # A key has no other characters; anything else may not become part of the page.
        safe = "".join(character for character in key if character.isalnum() or character in "_-")
        body = body.replace(_PLACEHOLDER, safe.encode())
        media_type += "; charset=utf-8"
    return HttpAnswer(200, [(b"content-type", media_type.encode()), (b"cache-control", b"no-store")], body)


def _sample_key(home: Path) -> str:
    try:
        run = json.loads((home / "run.json").read_text())
    except (OSError, ValueError):
        return ""
    return str(run.get("shop_site_key", ""))
