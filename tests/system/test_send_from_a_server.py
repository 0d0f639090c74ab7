"""What docs/send-from-a-server.md tells people to run, run as written: only the address and the key are put in."""

import json
import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from infra.local.home import ROOT
from infra.local.system import Running
from tests.system.sites import SiteKeys, get, ingest_counts

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]

_COMMANDS = {"python": (sys.executable, "-c"), "js": ("node", "-e"), "sh": ("sh", "-c")}


def test_the_examples_work_as_written(running: Running, site: SiteKeys) -> None:
    page = (ROOT / "docs" / "send-from-a-server.md").read_text(encoding="utf-8")
    examples = re.findall(r"^```(\w+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert [language for language, _ in examples] == ["python", "js", "sh", "sh", "sh", "sh"]
    token = _post(running, f"/v1/sites/{site.site_id}/tokens", site.api_key, {"name": "old"})["token"]["token_id"]
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "OPTIQ_HOME": str(running.home.path),
        "WRITE_KEY": site.write_key,
        "SITE": site.site_id,
        "TOKEN": token,
    }

    for language, example in examples:
        here = example.replace("http://localhost:8080", running.url).replace("wk_...", site.write_key)
        done = subprocess.run(
            [*_COMMANDS[language], here.replace("curl ", "curl --silent --show-error --fail ")],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), example

    assert ingest_counts(running.url, site, 6) == {"accepted": 6, "stored": 6, "duplicates": 0, "failed": 0}
    found = get(running.url, f"/v1/sites/{site.site_id}/conversions", site.api_key)["items"]
    assert sorted(conversion["value_micros"] for conversion in found) == [49_900_000] * 4 + [120_000_000]


def _post(running: Running, path: str, api_key: str, body: object) -> Any:
    request = urllib.request.Request(
        running.url + path,
        data=json.dumps(body).encode(),
        headers={"authorization": f"Bearer {api_key}"},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)
