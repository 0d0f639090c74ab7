"""The faults that the report page shows for a wrong address; its script runs in Node.js."""

import json
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote

import pytest

from functions.console import pages

SCRIPT = Path(pages.__file__).parents[2] / "console" / "shared" / "asked.js"
_PROGRAM = """
const { faultsOf } = await import(process.argv[1]);
const sites = [{ site_id: 'site_1' }];
const faults = process.argv.slice(2).map((address) => [...faultsOf(new URLSearchParams(address), sites)]);
console.log(JSON.stringify(faults));
"""


def faults_of(*addresses: str) -> list[dict[str, str]]:
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node.js is not installed")
    command = [node, "--input-type=module", "-e", _PROGRAM, SCRIPT.as_uri(), *addresses]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    return [dict(faults) for faults in json.loads(done.stdout)]


def test_faults_of_is_empty_for_known_values() -> None:
    known = ("", "site=site_1&model=MARKOV&by=landing_page&from=2026-01-31&to=2028-02-29", "site=&model=&by=&from=&to=")
    assert faults_of(*known) == [{}] * len(known)


def test_each_fault_names_its_parameter() -> None:
    wrong = {
        "site": ["site_2", "SITE_1", "site_1 "],
        "model": ["LAST_CLICK", "markov", "toString", "__proto__"],
        "by": ["weather", "Channel", "constructor"],
        "from": ["yesterday", "2026-02-30", "2026-1-1", "2026-01-01T00:00:00Z", "20260101"],
        "to": ["0", "31.01.2026", "2026-13-01"],
        "days": ["30"],
        "from_day": ["2026-01-01"],
    }
    asked = [(name, value) for name, values in wrong.items() for value in values]
    for (name, value), faults in zip(asked, faults_of(*(f"{n}={quote(v)}" for n, v in asked)), strict=True):
        assert list(faults) == [name], value
        assert faults[name].endswith(".")


def test_faults_of_names_each_of_several_faults() -> None:
    (faults,) = faults_of("site=nowhere&model=MAGIC&from=soon&color=red&by=ad&by=channel")
    assert sorted(faults) == ["by", "color", "from", "model", "site"]
    assert faults["model"] == "There is no model “MAGIC”."
    assert faults["by"] == "This link has “by” more than once."
