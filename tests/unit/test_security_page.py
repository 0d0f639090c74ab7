"""docs/security.md names tests and files that are there, and something for each requirement that it calls met."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
TESTS = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))
FILES = sorted(set(re.findall(r"`((?:layers|functions|infra|console|tests|scripts)/[\w./-]*)", PAGE)))
ROWS = re.findall(r"^\| (\d[\d., to]*) \| ([^|]*) \|([^|]*)\|([^|]*)\|$", PAGE, re.MULTILINE)
REQUIREMENTS = 253
"""Of levels 1 and 2 in ASVS 5.0.0."""


@pytest.mark.parametrize(("path", "name"), TESTS)
def test_page_names_a_test_that_is_there(path: str, name: str) -> None:
    assert re.search(rf"^(async )?def {name}\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("path", FILES)
def test_page_names_a_file_that_is_there(path: str) -> None:
    assert (ROOT / path).exists()


def test_page_says_of_each_requirement_how_it_is_met_or_what_is_missing() -> None:
    assert {verdict for _, verdict, _, _ in ROWS} == {"met", "not met", "not applicable"}
    assert [number for number, verdict, how, shown in ROWS if verdict == "met" and not (how + shown).strip()] == []
    assert [number for number, verdict, how, _ in ROWS if verdict != "met" and not how.strip()] == []


def test_page_counts_its_requirements() -> None:
    stated = map(int, re.findall(r"(\d+) are met, (\d+) do not apply, (\d+) are not met", PAGE)[0])
    listed = [(number, verdict) for numbers, verdict, _, _ in ROWS for number in _each(numbers)]

    assert len(dict(listed)) == len(listed) == REQUIREMENTS
    verdicts = [verdict for _, verdict in listed]
    assert list(stated) == [verdicts.count(one) for one in ("met", "not applicable", "not met")]


def _each(numbers: str) -> list[str]:
    """`1.2.6 to 1.2.8, 1.3.1` is four."""
    found = []
    for part in numbers.split(", "):
        first, _, last = part.partition(" to ")
        section, _, start = first.rpartition(".")
        end = int(last.rpartition(".")[2]) if last else int(start)
        found += [f"{section}.{place}" for place in range(int(start), end + 1)]
    return found
