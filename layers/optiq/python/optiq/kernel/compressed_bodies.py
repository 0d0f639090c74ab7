"""Request bodies as they were before compression, in bounded time and memory."""

import zlib

from optiq.kernel.errors import InvalidError, TooLargeError

_GZIP_WINDOW = 16 + zlib.MAX_WBITS


def plain(body: bytes, encoding: str, limit_bytes: int) -> bytes:
    """The body, inflated when it came as gzip; never more than `limit_bytes` of it are made.

    Args:
        encoding: the header `content-encoding`.

    Raises:
        TooLargeError: larger than the limit.
        InvalidError: compressed in another way, or not gzip though it says so.
    """
    if len(body) > limit_bytes:
        raise TooLargeError(f"the body is {len(body)} bytes; at most {limit_bytes} are accepted")
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return body
    if encoding not in ("gzip", "x-gzip"):
        raise InvalidError(f"content-encoding '{encoding[:40]}' is not understood; send gzip, or none")
    inflater = zlib.decompressobj(_GZIP_WINDOW)
    try:
        inflated = inflater.decompress(body, limit_bytes + 1)
    except zlib.error as error:
        raise InvalidError(f"the body is not valid gzip: {error}") from error
    if len(inflated) > limit_bytes:
        raise TooLargeError(f"the body inflates to more than the {limit_bytes} bytes that are accepted")
    if not inflater.eof or inflater.unused_data:
        raise InvalidError("the body is not one whole gzip member")
    return inflated
