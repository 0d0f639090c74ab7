"""The upgrade drill: data that 0.2.0 wrote itself (upgrade_data/make.py), brought to this version.

Everything that reports said stays, whenever the upgrade is killed, and goes on as data of this version does.
"""

import json
import os
import re
import signal
import subprocess
import sys
import tarfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from infra.local.backup import back_up
from infra.local.home import ROOT, Home
from infra.local.restore import restore
from infra.local.system import Running, running_system
from tests.support.waiting import wait_until
from tests.system.upgrade_data import make

pytestmark = [pytest.mark.slow, pytest.mark.system]
ARCHIVE = Path(__file__).parent / "upgrade_data" / "0.2.0.tar.xz"


@dataclass(frozen=True, slots=True)
class Old:
    """A folder as 0.2.0 left it, and what it answered."""

    home: Home
    expected: dict[str, Any]

    @property
    def at_site(self) -> str:
        return f"/v1/sites/{self.expected['site_id']}"

    def ask(self, running: Running, method: str, path: str, body: object = None) -> Any:
        return make.ask(method, path, f"Bearer {self.expected['api_key']}", body, running.url)

    def conversions(self, running: Running) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask(running, "GET", f"{self.at_site}/conversions?limit=100")["items"]
        return found


@pytest.fixture
def old(tmp_path: Path) -> Old:
    with tarfile.open(ARCHIVE) as packed:
        packed.extractall(tmp_path, filter="data")
    return Old(Home(tmp_path / "data"), json.loads((tmp_path / "expected.json").read_text()))


def _command(old: Old) -> list[str]:
    return [sys.executable, "-m", "optiq_cli", "upgrade", "--home", str(old.home.path)]


def _upgrade(old: Old) -> None:
    subprocess.run(_command(old), cwd=ROOT, check=True)


def _require_the_same(old: Old, running: Running) -> None:
    """Asserts that reports, conversions and counts are what 0.2.0 said."""
    bearer = f"Bearer {old.expected['api_key']}"
    now = make.answers(old.at_site, bearer, running.url)
    for name, before in old.expected["answers"].items():
        assert _known(now[name], before) == before, name
    assert sorted(one["value_micros"] for one in old.conversions(running)) == old.expected["values"]
    assert make.clicks(old.at_site, bearer, old.expected["link_id"], running.url) == 3
    for name in ("own", "ordered"):
        shown = old.ask(running, "GET", f"{old.at_site}/conversions/{old.expected[name]}")
        assert shown["conversion_id"] != old.expected[name]


def _known(now: Any, before: Any) -> Any:
    """Of what is answered now the fields that were answered before."""
    if isinstance(before, dict) and isinstance(now, dict):
        return {name: _known(now.get(name), value) for name, value in before.items()}
    if isinstance(before, list) and isinstance(now, list) and len(now) == len(before):
        return [_known(one, other) for one, other in zip(now, before, strict=True)]
    return now


def test_data_of_0_2_0_says_the_same_when_its_upgrade_was_killed_at_each_step(old: Old) -> None:
    killed, passed = set[int](), set[int]()
    while True:
        with subprocess.Popen(
            _command(old), cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True
        ) as process:
            assert process.stderr is not None
            for line in process.stderr:
                step = re.search(r"step (\d+) of", line)
                if step and int(step[1]) not in killed:
                    # Within the step, as far as it takes longer than this.
                    time.sleep(0.02 * len(killed))
                    killed.add(int(step[1]))
                    os.killpg(process.pid, signal.SIGKILL)
                    break
            # A busy machine may end a step, and begin the next, before the kill comes.
            passed |= {int(found) for found in re.findall(r"step (\d+) of", process.stderr.read())}
        if process.returncode == 0:
            break

    assert len(killed | passed) == 9
    assert len(killed) > 5
    with running_system(old.home.path) as running:
        _require_the_same(old, running)


def test_upgraded_data_goes_on_as_new_data_does(old: Old) -> None:
    _upgrade(old)
    with running_system(old.home.path) as running:
        sent = make.messages()
        write_key = make.basic(old.expected["write_key"])

        # WHEN every event comes again, and a visit before the long history's order that was not known
        for start in range(0, len(sent), 100):
            make.ask("POST", "/v1/batch", write_key, {"batch": sent[start : start + 100]}, running.url)
        late = make.page({"anonymousId": "busy"}, make.FIRST.replace(hour=3), "https://shop.example/?utm_source=late")
        make.ask("POST", "/v1/batch", write_key, {"batch": [late | {"messageId": "late"}]}, running.url)
        old.ask(running, "POST", f"{old.at_site}/conversions/{old.expected['own']}/refund", {"refund_id": "r-2"})

        # THEN only the refund changes what conversions there are and what they are worth
        left = sorted([0 if value == 7_000_000 else value for value in old.expected["values"]])
        wait_until(lambda: sorted(one["value_micros"] for one in old.conversions(running)) == left, "the refund counts")
        found = make.answers(old.at_site, f"Bearer {old.expected['api_key']}", running.url)
        before = old.expected["answers"]["channels"]["totals"]
        assert found["channels"]["totals"]["revenue_micros"] == before["revenue_micros"] - 7_000_000
        assert found["channels"]["totals"]["conversions"] <= before["conversions"]


def test_a_backup_of_0_2_0_is_restored_and_upgraded(old: Old, tmp_path: Path) -> None:
    back_up(old.home, tmp_path / "backup", lambda _: None)
    restored = Home(tmp_path / "restored")
    restore(tmp_path / "backup", restored, lambda _: None)

    with running_system(restored.path) as running:
        _require_the_same(old, running)
