"""Pages of docs/ that tell people what to run, run as written: only address, folder and interpreter are put in."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from infra.local.home import ROOT
from infra.local.system import Running

_QUIET = """set -eu
curl() {
  case "$1" in
    --no-fail) shift; command curl --silent --show-error "$@" ;;
    *) command curl --silent --show-error --fail "$@" ;;
  esac
}
"""


def run_page(running: Running, name: str, blocks: int, environment: Mapping[str, str] | None = None) -> str:
    """What the page's shell examples print, one after another in one shell; the first that fails fails the test.

    Args:
        blocks: how many examples the page has, so that none is overlooked.
        environment: what the page takes for given.
    """
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    examples = re.findall(r"^```sh\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert len(examples) == blocks
    here = (_QUIET + "\n".join(examples)).replace("http://localhost:8080", running.url)
    here = here.replace(".optiq/", f"{running.home.path}/").replace(".venv/bin/", f"{Path(sys.executable).parent}/")
    known = {"OPTIQ_HOME": str(running.home.path)}

    done = subprocess.run(
        ["sh", "-c", here],
        cwd=ROOT,
        env=os.environ | known | (environment or {}),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    return done.stdout
