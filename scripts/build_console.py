"""Writes functions/console/served, the served form of the console, from console/: `make console`."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "console"
SERVED = ROOT / "functions/console/served"
_TOOLS = ("esbuild", "preact")


def build(folder: Path) -> None:
    """Raises CalledProcessError when the source is no TypeScript."""
    environment = {**os.environ, "CONSOLE_SOURCE": source_hash()}
    subprocess.run(["node", SOURCE / "build.mjs", folder], check=True, env=environment)  # noqa: S603, S607


def source_hash() -> str:
    """The first 12 digits of the SHA-256 of every source file, its name, and the versions of the tools."""
    tools = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    found = hashlib.sha256(json.dumps([tools[name] for name in _TOOLS]).encode())
    for path in sorted(path for path in SOURCE.rglob("*") if path.is_file()):
        found.update(f"{path.relative_to(SOURCE).as_posix()}\n".encode())
        found.update(path.read_bytes())
    return found.hexdigest()[:12]


def served_hash() -> str:
    """The hash of the source that the served form was made of."""
    return str(json.loads((SERVED / "pages.json").read_text(encoding="utf-8"))["source"])


if __name__ == "__main__":
    build(SERVED)
    sys.stdout.write(f"{SERVED.relative_to(ROOT)}: {len(list(SERVED.iterdir()))} files\n")
