"""A disk that is full: what is not kept is not acknowledged, and what was acknowledged is there afterwards.

The kernel refuses every process of the system to write beyond a file's present size, as a full disk does.
"""

import os
import resource
import signal
import subprocess
import urllib.error
from pathlib import Path

import pytest

from infra.local.system import Running, running_system
from tests.support.waiting import wait_until
from tests.system.sites import SiteKeys, create_site
from tests.system.upgrade_data import make

pytestmark = [pytest.mark.slow, pytest.mark.system]
_LEFT_BYTES = 40_000
_UNLIMITED = resource.RLIM_INFINITY


def _processes_of(running: Running) -> list[int]:
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = {int(pid): int(parent) for pid, parent in (line.split() for line in listed.splitlines())}
    found = {running.pid}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return sorted(found)


def _limit(running: Running, file_bytes: int) -> None:
    for pid in _processes_of(running):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (file_bytes, _UNLIMITED))


def _send(running: Running, site: SiteKeys, number: int) -> bool:
    """Whether an event was acknowledged."""
    message = make.page({"anonymousId": f"visitor-{number}"}, make.FIRST, f"https://shop.example/{'x' * 2000}")
    try:
        sent = {"batch": [message | {"messageId": f"m-{number}"}]}
        make.ask("POST", "/v1/batch", make.basic(site.write_key), sent, running.url)
    except (RuntimeError, urllib.error.URLError, ConnectionError):
        return False
    return True


def _kept(running: Running, site: SiteKeys) -> set[str]:
    """The visitors whose page views are in the lake."""
    path = f"/v1/sites/{site.site_id}/events?from=2026-10-05&to=2026-10-05&limit=100"
    listed = make.ask("GET", path, f"Bearer {site.api_key}", url=running.url)["items"]
    return {one["event_id"] for one in listed}


def test_no_event_is_acknowledged_that_a_full_disk_lost_when_space_comes_back(tmp_path: Path) -> None:
    with running_system(tmp_path / "home") as running:
        site = create_site(running.home.path)
        acknowledged = [_send(running, site, number) for number in range(5)]
        assert all(acknowledged)
        wait_until(lambda: len(_kept(running, site)) == 5, "the first events are in the lake")

        # WHEN the files cannot grow
        written = max(file.stat().st_size for file in running.home.path.glob("*.db*"))
        _limit(running, written + _LEFT_BYTES)
        while_full = [_send(running, site, number) for number in range(5, 60)]
        assert not all(while_full)

        # THEN all that was acknowledged is there when they can again, also after a kill
        _limit(running, _UNLIMITED)
        wait_until(lambda: _send(running, site, 60), "events are taken again")
        os.kill(running.pid, signal.SIGKILL)
    count = sum(acknowledged) + sum(while_full) + 1
    with running_system(tmp_path / "home") as running:
        wait_until(lambda: len(_kept(running, site)) >= count, "every acknowledged event is in the lake")
