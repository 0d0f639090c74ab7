"""The bodies of failed events as they are kept: without addresses, phone numbers, network addresses and keys.

A key in base64, such as that of HTTP Basic, goes too; of a body that is base64 as a whole, so does what is personal.

A body that could be read stays readable, by the same reader, and names the same people by their keyed hashes: it can be
replayed. One that could not is looked at as text, its escapes resolved; so is what of a compressed one can be inflated.
"""

import json
import re
import zlib
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from optiq.collect.automata import finder
from optiq.collect.beginnings import beginning
from optiq.collect.encoded_secrets import without_encoded_secrets
from optiq.collect.hiding import BEACON, MEASUREMENT, PIXEL, SEGMENT, Hider, Shape
from optiq.collect.json_bodies import read_json
from optiq.collect.network_addresses import without_any_networks
from optiq.collect.personal_data import HIDDEN, may_hold
from optiq.kernel.errors import InvalidError

_ZLIB_OR_GZIP = 32 + zlib.MAX_WBITS
_SHAPES: Mapping[str, Shape] = {"POST /b": BEACON, "POST /mp/collect": MEASUREMENT}
_AT_ONCE = 4_096
_BEGINNING = 8_192
_GZIP = b"\x1f\x8b"
_NOT_KEPT = b"(compressed in a way that is not understood; not kept)"

_names_network = finder(r'(?:ip|addr|forwarded|remote|write_?key)[a-z0-9_-]*\\?"\s*:|\bwk_')
_may_hold_network = finder(r"[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]|[0-9a-f:]:[0-9a-f]{0,4}:[0-9a-f:]|::[0-9a-f]")
_holds_in_text = finder(r"\\u00|\\/|wk_|[0-9]\.[0-9]{1,3}\.[0-9]|[0-9a-f:]:[0-9a-f]{0,4}:")
_may_hold_match_key = finder(r'fb[cp](?:\\*"|=)|[_"]ttp(?:\\*"|=)|sha256_')

_ESCAPE = re.compile(r"\\u00([0-7][0-9A-Fa-f])")
_KEY = re.compile(r"(?<![A-Za-z0-9])wk_[A-Za-z0-9_-]*")
_MATCH_KEY = re.compile(rb"""(?i)((?:\b_?(?:fb[cp]|ttp)|sha256_[a-z_]{1,40})(?:\\*"\s*:\s*\[?\s*\\*"|=))[^"\\;&,\s]+""")
"""What advertising platforms recognise a buyer by, in cookies and fields of theirs."""
_CUT_ADDRESS = re.compile(r"""[^\s@"'<>(){}\[\],;:=&?/]++@[^\s"'<>(){}\[\],;&?/]*""")


def kept_body(body: bytes, source: str, encoding: str, hider: Hider, limit_bytes: int) -> bytes:
    """What may be kept of the beginning, of about `limit_bytes`, of a body that came by the route `source`."""
    kept = _without_what_is_read(body, source, encoding, hider, limit_bytes)
    if _may_hold_match_key(kept):
        kept = _MATCH_KEY.sub(rb"\1(hidden)", kept)
    text = kept.decode("utf-8", "surrogateescape")
    return without_encoded_secrets(text, lambda plain: _is_personal(plain, hider)).encode("utf-8", "surrogateescape")


def _is_personal(text: str, hider: Hider) -> bool:
    return _text(text.encode("utf-8", "surrogateescape"), hider).decode("utf-8", "surrogateescape") != text


def _without_what_is_read(body: bytes, source: str, encoding: str, hider: Hider, limit_bytes: int) -> bytes:
    if encoding.strip().lower() not in ("", "identity") or body.startswith(_GZIP):
        body = _inflated(body, limit_bytes)
    body = body[:limit_bytes] if source == "GET /p.gif" else beginning(body, limit_bytes)
    # UTF-16 hides everything between zeroes.
    if b"\0" in body and may_hold(body.replace(b"\0", b"")):
        body = body.replace(b"\0", b"")
    if source == "GET /p.gif":
        return _query(body, hider)
    suspect = may_hold(body) or _names_network(body) or _may_hold_network(body)
    try:
        value = read_json(body)
    except InvalidError:
        return _text(body, hider) if suspect or _holds_in_text(body) else body
    if not suspect:
        return body
    hidden = hider.anything(value, _SHAPES.get(source, SEGMENT), [])
    return body if hidden == value else json.dumps(hidden, ensure_ascii=False).encode(errors="replace")


def _inflated(body: bytes, limit_bytes: int) -> bytes:
    """What was compressed; of a cut off body as much as can be inflated, of one that is too large the beginning.

    What cannot be inflated is of no use to anybody, and nobody can say what is in it; but for plain text.
    """
    inflater = zlib.decompressobj(_ZLIB_OR_GZIP)
    inflated = b""
    try:
        for start in range(0, len(body), _AT_ONCE):
            inflated += inflater.decompress(body[start : start + _AT_ONCE], limit_bytes + 1 - len(inflated))
            if len(inflated) > limit_bytes:
                return inflated[:_BEGINNING]
            if inflater.eof:
                break
    except zlib.error:
        pass
    return inflated or (body if _is_text(body) else _NOT_KEPT)


def _is_text(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _query(body: bytes, hider: Hider) -> bytes:
    text = body.decode("utf-8", "surrogateescape")
    fields = dict(parse_qsl(text, keep_blank_values=True, errors="surrogateescape"))
    hidden = hider.anything(fields, PIXEL, [])
    if fields and hidden == fields:
        return body
    return urlencode(hidden, errors="surrogateescape").encode() if fields else _text(body, hider)


def _text(body: bytes, hider: Hider) -> bytes:
    """What is no JSON: whatever may be an address or a key goes, were it cut off."""
    text = body.decode("utf-8", "surrogateescape").replace("\\/", "/")
    text = _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), text)
    text = _KEY.sub(HIDDEN, hider.text(hider.pairs(text, set())))
    text = without_any_networks(_CUT_ADDRESS.sub(HIDDEN, text))
    return text.encode("utf-8", "surrogateescape")
