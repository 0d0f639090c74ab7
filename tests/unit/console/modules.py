"""Runs a module of the console in Node.js."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from scripts.build_console import ROOT, SOURCE


def result_of(module: str, expression: str, folder: Path) -> Any:
    """The value of an expression over the module's exports, which it has as `m`."""
    node, esbuild = shutil.which("node"), ROOT / "node_modules/.bin/esbuild"
    if node is None or not esbuild.exists():
        pytest.skip("Node.js and esbuild are not installed")
    made = folder / "module.mjs"
    options = ["--bundle", "--format=esm", "--jsx=automatic", "--jsx-import-source=preact", f"--outfile={made}"]
    subprocess.run([esbuild, SOURCE / module, *options, "--log-level=error"], check=True, timeout=120)
    page = "globalThis.location = new URL('http://localhost/console'); globalThis.addEventListener = () => {};"
    program = f"{page} const m = await import({json.dumps(made.as_uri())}); console.log(JSON.stringify({expression}));"
    done = subprocess.run(
        [node, "--input-type=module", "-e", program], capture_output=True, text=True, check=True, timeout=120
    )
    return json.loads(done.stdout)
