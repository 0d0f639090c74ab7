"""The index of docs/, made from the first line of each page: a comment that names its section and its place there."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent.parent / "docs"
_INDEX = "README.md"
SECTIONS = ("Concepts", "Quick start", "How to", "Reference", "Operating", "Troubleshooting")
_HEAD = """# Documentation

This page is generated from the first line of each page (`make docs`).
"""
_DECISIONS = "Why it is built so: the [decisions](decisions/).\n"


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in the index, sorted by place and title."""

    section: str
    place: int
    title: str
    name: str


def index() -> str:
    """The index's text. Raises ValueError for a page whose first line is not as it must be."""
    entries = [entry_of(path.name, path.read_text("utf-8")) for path in _FOLDER.glob("*.md") if path.name != _INDEX]
    return _HEAD + "".join(f"\n## {section}\n\n{_lines(entries, section)}" for section in SECTIONS) + f"\n{_DECISIONS}"


def entry_of(name: str, text: str) -> Entry:
    """Raises ValueError."""
    found = re.match(r"<!-- (\{.*\}) -->\n# (.+)\n", text)
    said = json.loads(found[1]) if found else {}
    if found is None or said.get("index") not in SECTIONS or "place" not in said:
        raise ValueError(
            f'docs/{name}: must begin with <!-- {{"index": "How to", "place": 50}} --> and then its title; '
            f"the sections are {', '.join(SECTIONS)}"
        )
    return Entry(said["index"], said["place"], found[2], name)


def _lines(entries: list[Entry], section: str) -> str:
    shown = sorted((each.place, each.title, each.name) for each in entries if each.section == section)
    return "".join(f"- [{title}]({name})\n" for _, title, name in shown)
