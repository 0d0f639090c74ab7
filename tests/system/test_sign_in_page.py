"""What docs/sign-in.md tells people to run, run as written, in one shell: only address and folder are put in."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from infra.local.home import ROOT
from infra.local.system import Running

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]


def test_the_examples_work_as_written(running: Running) -> None:
    page = (ROOT / "docs" / "sign-in.md").read_text(encoding="utf-8")
    examples = re.findall(r"^```sh\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert len(examples) == 4
    script = 'set -eu\ncurl() { command curl --silent --show-error --fail "$@"; }\n' + "\n".join(examples)
    here = script.replace("http://localhost:8080", running.url).replace(".optiq/", f"{running.home.path}/")
    here = here.replace(".venv/bin/python", sys.executable)

    done = subprocess.run(
        ["sh", "-c", here], cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, timeout=60, check=False
    )

    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert done.stdout.count('"email":"ann@example.com"') == 2
    assert '"method":"SIGN_UP"' in done.stdout
    assert '"two_factor":true' in done.stdout
    assert '"prefix":"ok_' in done.stdout
    # Nothing that was typed or given is left where anybody else may read it.
    assert "correct horse" not in done.stdout
    outbox = running.home.path / "outbox"
    assert (outbox.stat().st_mode & 0o077, Path(next(outbox.glob("*.eml"))).stat().st_mode & 0o077) == (0, 0)
