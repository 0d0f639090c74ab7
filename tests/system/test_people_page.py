"""What docs/people-and-permissions.md tells people to run, run as written, in one shell."""

import os
import re
import subprocess
import sys

import pytest

from infra.local.home import ROOT
from infra.local.system import Running

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]

_QUIET = """set -eu
curl() {
  case "$1" in
    --no-fail) shift; command curl --silent --show-error "$@" ;;
    *) command curl --silent --show-error --fail "$@" ;;
  esac
}
"""


def test_a_person_invites_a_viewer_who_reads_and_changes_nothing(running: Running) -> None:
    page = (ROOT / "docs" / "people-and-permissions.md").read_text(encoding="utf-8")
    examples = re.findall(r"^```sh\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert len(examples) == 6
    here = (_QUIET + "\n".join(examples)).replace("http://localhost:8080", running.url)
    here = here.replace(".optiq/", f"{running.home.path}/").replace(".venv/bin/python", sys.executable)

    done = subprocess.run(
        ["sh", "-c", here], cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, timeout=60, check=False
    )

    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert '"role":"VIEWER","status":"OPEN"' in done.stdout
    assert '"totals"' in done.stdout
    refused = re.findall(r'"status":403,"detail":"([^"]*)"', done.stdout)
    assert [re.findall("'(.*)'", said) for said in refused] == [["sites:write"], ["members:invite"]]
    assert '"grants":[{"what":"sites:write","expires_at":null}]' in done.stdout
