"""Writes o.js, the served form of the tracker: minified."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TRACKER = ROOT / "layers/optiq/python/optiq/collect/tracker"
SOURCE = TRACKER / "tracker.js"
SERVED = TRACKER / "o.js"


def minified() -> str:
    """Raises CalledProcessError when the source is no JavaScript."""
    compress = "passes=5,ecma=2020,booleans_as_integers,unsafe_arrows,inline=1"
    own = "regex=/^_/"
    terser = [ROOT / "node_modules/.bin/terser", SOURCE, "--compress", compress, "--mangle", "--mangle-props", own]
    code = subprocess.run(terser, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603
    return f"/* Optiq, Apache-2.0 */\n{code.rstrip()}\n"


if __name__ == "__main__":
    SERVED.write_text(minified())
    sys.stdout.write(f"{SERVED.relative_to(ROOT)}: {SERVED.stat().st_size} bytes\n")
