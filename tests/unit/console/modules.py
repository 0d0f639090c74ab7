"""Runs a module of the console in Node.js."""

import json
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from scripts.build_console import ROOT, SOURCE

_PAGE = "globalThis.location = new URL('http://localhost/console'); globalThis.addEventListener = () => {};"


def result_of(module: str, expression: str) -> Any:
    """The value of an expression over the module's exports, which it has as `m`."""
    node, esbuild = shutil.which("node"), ROOT / "node_modules/.bin/esbuild"
    if node is None or not esbuild.exists():
        pytest.skip("Node.js and esbuild are not installed")
    program = f"const m = await import({json.dumps(_bundled(module).as_uri())});"
    program = f"{_PAGE} {program} console.log(JSON.stringify({expression}));"
    done = subprocess.run(
        [node, "--input-type=module", "-e", program], capture_output=True, text=True, check=True, timeout=120
    )
    return json.loads(done.stdout)


@cache
def _bundled(module: str) -> Path:
    """The module with all that it imports, in one file."""
    made = Path(tempfile.mkdtemp()) / "module.mjs"
    options = ["--bundle", "--format=esm", "--jsx=automatic", "--jsx-import-source=preact", f"--outfile={made}"]
    command = [str(ROOT / "node_modules/.bin/esbuild"), str(SOURCE / module), *options, "--log-level=error"]
    subprocess.run(command, check=True, timeout=120)
    return made
