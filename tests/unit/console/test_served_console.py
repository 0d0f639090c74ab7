"""The committed form of the console is its source, and small."""

import gzip
import json
import re
import shutil
from functools import cache
from pathlib import Path

import pytest

from scripts.build_console import ROOT, SERVED, SOURCE, build, served_hash, source_hash

FIRST_LOAD_BYTES = 60 * 1024
STYLE_BYTES = 12 * 1024
PAGE_BYTES = 20 * 1024
_PAGES = json.loads((SERVED / "pages.json").read_text(encoding="utf-8"))["pages"]


@cache
def _packed(name: str) -> int:
    return len(gzip.compress((SERVED / name).read_bytes(), 9))


def _main() -> str:
    (name,) = (path.name for path in SERVED.glob("main-*.js"))
    return name


def test_served_console_is_made_from_the_source_as_it_is() -> None:
    assert served_hash() == source_hash(), "the console is stale: run `make console`"


def test_served_console_is_what_the_source_gives(tmp_path: Path) -> None:
    if shutil.which("node") is None or not (ROOT / "node_modules/esbuild").exists():
        pytest.skip("Node.js and esbuild are not installed")

    build(tmp_path / "served")

    made = {path.name: path.read_bytes() for path in (tmp_path / "served").iterdir()}
    assert made == {path.name: path.read_bytes() for path in SERVED.iterdir()}, "run `make console`"


@pytest.mark.parametrize("page", _PAGES)
def test_a_page_loads_little(page: str) -> None:
    own = sum(map(_packed, _PAGES[page]["scripts"]))

    print(f"{page}: {own} bytes gzipped beside {_packed(_main())} of the console")
    assert own <= PAGE_BYTES
    assert own + _packed(_main()) <= FIRST_LOAD_BYTES


def test_the_style_sheet_is_small() -> None:
    (style,) = SERVED.glob("*.css")

    assert _packed(style.name) <= STYLE_BYTES


def test_no_source_makes_markup_of_text() -> None:
    for path in SOURCE.rglob("*.tsx"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|dangerously|DOMParser|\beval\(", text), path
