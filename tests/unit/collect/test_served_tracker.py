"""The committed o.js is the tracker's source, minified, and small."""

import gzip

from scripts.build_tracker import SERVED, minified

LIMIT_BYTES = 3 * 1024


def test_served_tracker_is_made_from_the_source_as_it_is() -> None:
    assert SERVED.read_text() == minified(), "o.js is not what the source gives: run `make tracker`"


def test_served_tracker_is_at_most_3_kb_gzipped() -> None:
    size = len(gzip.compress(SERVED.read_bytes(), 9))

    print(f"o.js: {size} bytes gzipped")
    assert size <= LIMIT_BYTES
