"""Writes o.js, the served form of the tracker: minified, and named after the source it was made from."""

import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TRACKER = ROOT / "layers/optiq/python/optiq/collect/tracker"
SOURCE = TRACKER / "tracker.js"
SERVED = TRACKER / "o.js"


def minified() -> str:
    """Raises CalledProcessError when the source is no JavaScript."""
    terser = [ROOT / "node_modules/.bin/terser", SOURCE, "--compress", "passes=3,ecma=2020", "--mangle"]
    code = subprocess.run(terser, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603
    return f"/* Optiq tracker, Apache-2.0, from {source_hash()} */\n{code.rstrip()}\n"


def source_hash() -> str:
    """The first 12 digits of the source's SHA-256."""
    return hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:12]


if __name__ == "__main__":
    SERVED.write_text(minified())
    sys.stdout.write(f"{SERVED.relative_to(ROOT)}: {SERVED.stat().st_size} bytes\n")
