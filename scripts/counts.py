"""Counts what the frame is measured by, as rows of the table in docs/decisions/0050: `python -m scripts.counts`."""

import re
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from infra.aws.app import build_app
from infra.aws.functions import ENTRY
from scripts.build_layers import LAYERS
from scripts.new_context import files_of

ROOT = Path(__file__).parent.parent
_SOURCES = ("layers/optiq/python/optiq", "functions")
_LINKS = ("layers/optiq/python/optiq/links", "functions/links", "console/pages/links", "tests/functional/links")
_READ_OR_WRITTEN = re.compile(r"^ +def (?:of|contract)\(.*(?:self\)|Record\")|^def _contract\(", re.MULTILINE)
_WHO_ASKS = re.compile(r"^class (Caller|Actor|Principal|Requester|Asker)\b", re.MULTILINE)
_PAGES = re.compile(r"^class (?:Page\(Generic\[T\]\)|[A-Z]\w*Page):", re.MULTILINE)


def _files(folders: Iterable[str], suffix: str = ".py") -> Iterator[Path]:
    for folder in folders:
        yield from sorted(path for path in (ROOT / folder).rglob(f"*{suffix}") if "__pycache__" not in path.parts)


def _matches(pattern: re.Pattern[str], folders: Iterable[str] = _SOURCES) -> int:
    return sum(len(pattern.findall(path.read_text(encoding="utf-8"))) for path in _files(folders))


def _lines(paths: Iterable[Path]) -> int:
    return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in paths)


def _places_of(field: str) -> int:
    """Files of the context `links` that name a field of it, tests aside."""
    paths = [*_files(_LINKS[:2]), *_files([_LINKS[2]], ".tsx")]
    return sum(1 for path in paths if re.search(rf"\b{field}\b", path.read_text(encoding="utf-8")))


def _templates() -> dict[str, dict[str, Any]]:
    """The resources of every stack, by its name; synthesised with layers that have no packages."""
    with tempfile.TemporaryDirectory() as folder:
        for layer in LAYERS:
            (Path(folder) / "layers" / layer / "python").mkdir(parents=True)
            (Path(folder) / "layers" / layer / "python" / "none.txt").touch()
        assembly = build_app(packages=Path(folder) / "layers", outdir=f"{folder}/out").synth()
        return {stack.stack_name: stack.template["Resources"] for stack in assembly.stacks}


def counts() -> Iterator[tuple[str, str]]:
    """Each count with its value."""
    new = {path: text for path, text in files_of("coupons", "coupon").items() if text}
    yield "files of a new context with a page", f"{len(new)}, {sum(map(len, map(str.splitlines, new.values())))} lines"
    yield "files that name `utm_campaign`, a field of a link", str(_places_of("utm_campaign"))
    yield "types for who asks", str(_matches(_WHO_ASKS))
    yield "`of` and `contract` of records", str(_matches(_READ_OR_WRITTEN, _SOURCES[:1]))
    yield "places with the text of a foreign cursor", str(_matches(re.compile("is not of this list")))
    yield "page classes", str(_matches(_PAGES))
    templates = _templates()
    largest = max(templates, key=lambda name: len(templates[name]))
    yield "resources of the largest stack", f"{len(templates[largest])} ({largest})"
    entries = [
        one["Properties"]["Handler"]
        for stack in templates.values()
        for one in stack.values()
        if one["Type"] == "AWS::Lambda::Function"
    ]
    yield "functions; of them logged, counted and traced", f"{len(entries)}; {entries.count(ENTRY)}"
    code = [path for path in _files(_LINKS[:2]) if path.stat().st_size]
    page = list(_files([_LINKS[2]], ".tsx"))
    tests = list(_files([_LINKS[3]]))
    yield "`links`: files and lines of code", f"{len(code)}, {_lines(code)}"
    yield "`links`: files and lines of the page", f"{len(page)}, {_lines(page)}"
    yield "`links`: files and lines of tests", f"{len(tests)}, {_lines(tests)}"


if __name__ == "__main__":
    for what, value in counts():
        print(f"| {what} | {value} |")
