"""What docs/send-from-a-server.md tells people to run, run as written: only the address and the key are put in."""

import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from infra.local.home import ROOT
from infra.local.system import Running
from tests.support.waiting import LIMIT_SECONDS
from tests.system.sites import SiteKeys, get, ingest_counts

pytestmark = [pytest.mark.system]

_COMMANDS = {"python": (sys.executable, "-c"), "js": ("node", "-e"), "sh": ("sh", "-c")}


def test_the_examples_work_as_written(running: Running, site: SiteKeys) -> None:
    page = (ROOT / "docs" / "send-from-a-server.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    examples = [(language, text) for language, text in blocks if language in _COMMANDS]
    assert [language for language, _ in examples] == ["python", "js", *["sh"] * 5]
    token = _post(running, f"/v1/sites/{site.site_id}/tokens", site.api_key, {"name": "old"})["token"]["token_id"]
    environment = os.environ | {
        "OPTIQ_HOME": str(running.home.path),
        "WRITE_KEY": site.write_key,
        "SITE": site.site_id,
        "TOKEN": token,
        "API_KEY": site.api_key,
    }
    failed = _failed_event(running, site)

    for language, example in examples:
        here = example.replace("http://localhost:8080", running.url).replace("wk_...", site.write_key)
        here = here.replace("fail_...", failed).replace(".venv/bin/", f"{Path(sys.executable).parent}/")
        done = subprocess.run(
            [*_COMMANDS[language], here.replace("curl ", "curl --silent --show-error --fail ")],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), example

    # The one that failed is replayed with the corrected body of the example.
    expected = {"accepted": 7, "stored": 7, "duplicates": 0, "failed": 0}
    give_up = time.monotonic() + LIMIT_SECONDS
    while (counts := ingest_counts(running.url, site, 7)) != expected and time.monotonic() < give_up:
        time.sleep(0.2)
    assert counts == expected
    found = get(running.url, f"/v1/sites/{site.site_id}/conversions", site.api_key)["items"]
    assert sorted(conversion["value_micros"] for conversion in found) == [0] + [49_900_000] * 4 + [120_000_000]


def _failed_event(running: Running, site: SiteKeys) -> str:
    """The id of an event that the site could not accept: an order of nobody."""
    with pytest.raises(urllib.error.HTTPError):
        _post(running, "/v1/track", "", {"writeKey": site.write_key, "event": "Order Completed"})
    ingest_counts(running.url, site, 1)
    (found,) = get(running.url, f"/v1/sites/{site.site_id}/failed-events", site.api_key)["items"]
    return str(found["failed_event_id"])


def _post(running: Running, path: str, api_key: str, body: object) -> Any:
    request = urllib.request.Request(
        running.url + path,
        data=json.dumps(body).encode(),
        headers={"authorization": f"Bearer {api_key}"},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)
