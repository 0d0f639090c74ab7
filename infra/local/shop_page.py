"""The demonstration shop under /shop/: a page tree that exists on one machine only."""

import base64
import json
import mimetypes
import re
from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qs

from infra.local.http_event import HttpAnswer

PREFIX = "/shop/"
FOLDER = Path(__file__).parent / "shop"
_PLACEHOLDER = b"{{SITE_KEY}}"
_INLINE_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
# The shop's drawings carry their colours in style attributes.
_POLICY = (
    b"default-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; font-src 'self'; connect-src 'self'; "
    b"base-uri 'none'; frame-ancestors 'self'; script-src "
)


def page(home: Path, path: str, query: str) -> HttpAnswer | None:
    """A file of the shop; a path without an extension is the single page itself. None when there is no such file.

    In HTML, {{SITE_KEY}} becomes the public key given as ?site=, else the sample's; without either there is no page.
    """
    name = path.removeprefix(PREFIX)
    try:
        file = (FOLDER / (name if Path(name).suffix else "index.html")).resolve()
        if not file.is_relative_to(FOLDER) or not file.is_file():
            return None
        body = file.read_bytes()
    except (OSError, ValueError):
        # A name no file can have.
        return None
    media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    if media_type == "text/html":
        key = parse_qs(query).get("site", [""])[0] or sample_key(home)
        if not key:
            return None
        # A key has no other characters; anything else may not become part of the page.
        safe = "".join(character for character in key if character.isalnum() or character in "_-")
        body = body.replace(_PLACEHOLDER, safe.encode())
        media_type += "; charset=utf-8"
    headers = [(b"content-type", media_type.encode()), (b"cache-control", b"no-store")]
    return HttpAnswer(200, [*headers, (b"content-security-policy", _policy(body))], body)


def _policy(body: bytes) -> bytes:
    """Lets a page run its own scripts: files of this server, and what stands in the page itself."""
    inline = (base64.b64encode(sha256(script).digest()) for script in _INLINE_SCRIPT.findall(body))
    scripts = b" ".join([b"'self'", *(b"'sha256-" + digest + b"'" for digest in inline)])
    return _POLICY + scripts


def sample_key(home: Path) -> str:
    """The public key of the sample's site; "" where no sample was loaded."""
    try:
        run = json.loads((home / "run.json").read_text())
    except (OSError, ValueError):
        return ""
    return str(run.get("shop_site_key", ""))
