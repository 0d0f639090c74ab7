"""Request bodies as they were before compression, in bounded time and memory."""

import zlib

from optiq.collect.contracts import Delivery, OversizeError
from optiq.kernel.errors import InvalidError

_GZIP_WINDOW = 16 + zlib.MAX_WBITS


def plain_body(delivery: Delivery, limit_bytes: int) -> bytes:
    """The body, inflated when it came as gzip; never more than `limit_bytes` of it are made.

    Raises:
        OversizeError: larger than the limit.
        InvalidError: compressed in another way, or not gzip though it says so.
    """
    if len(delivery.body) > limit_bytes:
        raise OversizeError(f"the body is {len(delivery.body)} bytes; at most {limit_bytes} are accepted")
    encoding = delivery.encoding.strip().lower()
    if encoding in ("", "identity"):
        return delivery.body
    if encoding not in ("gzip", "x-gzip"):
        raise InvalidError(f"content-encoding '{encoding[:40]}' is not understood; send gzip, or none")
    inflater = zlib.decompressobj(_GZIP_WINDOW)
    try:
        body = inflater.decompress(delivery.body, limit_bytes + 1)
    except zlib.error as error:
        raise InvalidError(f"the body is not valid gzip: {error}") from error
    if len(body) > limit_bytes:
        raise OversizeError(f"the body inflates to more than the {limit_bytes} bytes that are accepted")
    if not inflater.eof or inflater.unused_data:
        raise InvalidError("the body is not one whole gzip member")
    return body
