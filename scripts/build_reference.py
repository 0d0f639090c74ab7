"""Writes redoc.js.gz, with which /docs draws the API's reference: Redoc's bundle, pinned in scripts/reference.

The bundle is served as it is published but for one address: its footer loads a picture from elsewhere.

    make reference
"""

import gzip
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "scripts" / "reference"
_BUNDLES = PACKAGE / "node_modules" / "redoc" / "bundles"
FILES = ROOT / "functions" / "gateway" / "files"
_ELSEWHERE = b"https://cdn.redoc.ly/redoc/logo-mini.svg"
_NO_PICTURE = b"data:image/gif;base64,R0lGODlhAQABAAAAACw="


def bundle() -> bytes:
    """Raises ValueError when the bundle has the picture elsewhere than it was."""
    code = (_BUNDLES / "redoc.standalone.js").read_bytes()
    if code.count(_ELSEWHERE) != 1:
        raise ValueError(f"the bundle does not name {_ELSEWHERE.decode()} once: look what it loads from elsewhere")
    return code.replace(_ELSEWHERE, _NO_PICTURE)


def main() -> None:
    packed = gzip.compress(bundle(), compresslevel=9, mtime=0)
    (FILES / "redoc.js.gz").write_bytes(packed)
    (FILES / "redoc.js.LICENSE.txt").write_bytes((_BUNDLES / "redoc.standalone.js.LICENSE.txt").read_bytes())
    sys.stdout.write(f"functions/gateway/files/redoc.js.gz: {len(packed)} bytes\n")


if __name__ == "__main__":
    main()
