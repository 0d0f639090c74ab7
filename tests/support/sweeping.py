"""A sweep of a running system's alert rules at once, where its schedule would take a quarter of an hour."""

import subprocess
import sys

from infra.local.home import ROOT
from infra.local.system import Running
from tests.support.waiting import LIMIT_SECONDS

_SWEEP = """
import sys
from infra.local.system import attach

with attach(sys.argv[1]):
    from optiq.alerts.sweeping import api as sweeping

    print(sweeping.sweep_site(sys.argv[2], sys.argv[3]))
"""


def sweep(running: Running, organization_id: str, site_id: str) -> int:
    """Judges every rule of the site, in a process of its own. Returns how many alerts began or ended."""
    command = [sys.executable, "-c", _SWEEP, str(running.home.path), organization_id, site_id]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=3 * LIMIT_SECONDS, check=False)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)
