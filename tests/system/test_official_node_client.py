"""The official Segment client for Node, its host set to ours."""

import subprocess
from pathlib import Path

import pytest

from infra.local.home import ROOT
from infra.local.system import Running
from tests.system.sites import SiteKeys, credited_conversion, ingest_counts

pytestmark = [pytest.mark.system]

SCRIPT = Path(__file__).with_name("official_node_client.cjs")


def test_the_official_client_works_unchanged(running: Running, site: SiteKeys) -> None:
    done = subprocess.run(
        ["node", SCRIPT, running.url, site.write_key],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    explained = credited_conversion(running.url, site)
    assert ingest_counts(running.url, site, 6) == {"accepted": 6, "stored": 6, "duplicates": 0, "failed": 0}
    assert explained["value_micros"] == 49_900_000
    assert [touch["campaign"] for touch in explained["path"]] == ["spring"]
