"""The files of /docs: small on the way, good without gzip, and nothing of them from elsewhere."""

import base64
import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

from functions.gateway import reference

ROOT = Path(__file__).parents[3]
NAMES = ("redoc.js", "reference.js", "reference.css")


def ask(name: str = "", **headers: str) -> dict[str, Any]:
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    key = "GET /docs/{name}" if name else "GET /docs"
    event = {"routeKey": key, "headers": named, "pathParameters": {"name": name} if name else {}}
    return reference.handler(event, None)


def test_page_runs_only_what_this_answer_lets_it() -> None:
    first, second = ask(), ask()
    nonces = [re.findall(r"nonce-([\w-]+)'", page["headers"]["content-security-policy"])[0] for page in (first, second)]

    assert nonces[0] != nonces[1]
    assert first["body"].count(nonces[0]) == 2
    assert "{{" not in first["body"]
    assert "unsafe" not in first["headers"]["content-security-policy"]
    assert first["headers"]["cache-control"] == "no-store"
    named = re.findall(r'(?:src|href)="/docs/([^"]+)"', first["body"])
    assert {ask(name)["statusCode"] for name in named} == {200}


@pytest.mark.parametrize("name", NAMES)
def test_file_is_the_same_with_and_without_gzip(name: str) -> None:
    plain, packed = ask(name), ask(name, accept_encoding="br, gzip")

    assert packed["headers"]["content-encoding"] == "gzip"
    assert gzip.decompress(base64.b64decode(packed["body"])).decode() == plain["body"]
    assert ask(name, if_none_match=plain["headers"]["etag"])["statusCode"] == 304


@pytest.mark.parametrize("name", ["absent.js", "../reference.py", "redoc.js.gz", "reference.html"])
def test_other_files_are_not_served(name: str) -> None:
    assert ask(name)["statusCode"] == 404


def test_redoc_is_the_one_that_is_pinned_and_loads_nothing_from_elsewhere() -> None:
    pinned = json.loads((ROOT / "scripts/reference/package.json").read_text())["devDependencies"]["redoc"]
    code = ask("redoc.js")["body"]

    assert f'"{pinned}"' in code
    assert "cdn.redoc.ly" not in code
    # What a Lambda answers may have 6 MB.
    assert len(code) < 2_000_000
