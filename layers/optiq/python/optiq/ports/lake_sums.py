"""A file's checksum, in its own footer: whether its bytes are those that were written.

Decoders accept many damaged pages and give wrong rows for them. DuckDB checks no page checksums of Parquet, so this sum
covers the whole file but for its own digits. It reads a gigabyte in a third of a second.
"""

import re
import zlib
from pathlib import Path

KEY = b"optiq.crc32"
BLANK = b"00000000"
"""What the footer holds while the sum is worked out."""
# A key and its value in the footer's encoding (Thrift's compact protocol): 0x18 and the length come before a text.
NOT_AS_WRITTEN = "its bytes are not those that were written"
_SUM = re.compile(re.escape(KEY) + rb"\x18\x08([0-9a-f]{8})")
_MAGIC = b"PAR1"
_TAIL_BYTES = 8
_CHUNK_BYTES = 1 << 20


def with_sum(content: bytearray) -> None:
    """Writes the sum into a file whose footer holds KEY with BLANK. Leaves one without alone."""
    footer = _footer_start(content)
    found = _SUM.search(content, footer) if footer is not None else None
    if found is not None:
        content[found.start(1) : found.end(1)] = b"%08x" % zlib.crc32(content)


def is_as_written(content: bytes | memoryview) -> bool:
    """Whether a file's bytes give its sum; True for one without, as older versions write it."""
    view = memoryview(content)
    footer = _footer_start(view)
    found = _SUM.search(view, footer) if footer is not None else None
    if found is None:
        return True
    before = zlib.crc32(BLANK, zlib.crc32(view[: found.start(1)]))
    return zlib.crc32(view[found.end(1) :], before) == int(found[1], 16)


def file_is_as_written(path: Path) -> bool:
    """The same of a file, in pieces. Raises OSError."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _TAIL_BYTES))
        tail = file.read()
        length = int.from_bytes(tail[:4], "little") + _TAIL_BYTES
        if tail[4:] != _MAGIC or length > size:
            return True  # it has no footer, which reading it shows
        file.seek(size - length)
        footer = file.read()
        found = _SUM.search(footer)
        if found is None:
            return True
        file.seek(0)
        crc, left = 0, size - length
        while left > 0 and (piece := file.read(min(left, _CHUNK_BYTES))):
            crc, left = zlib.crc32(piece, crc), left - len(piece)
        blank = footer[: found.start(1)] + BLANK + footer[found.end(1) :]
        return zlib.crc32(blank, crc) == int(found[1], 16)


def _footer_start(content: bytearray | memoryview) -> int | None:
    """Where the footer begins; None for what is no Parquet."""
    size = len(content)
    if size < _TAIL_BYTES or bytes(content[-4:]) != _MAGIC:
        return None
    start = size - _TAIL_BYTES - int.from_bytes(content[-_TAIL_BYTES:-4], "little")
    return start if start >= 0 else None
