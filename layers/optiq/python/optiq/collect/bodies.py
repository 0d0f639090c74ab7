"""Request bodies as they were before compression."""

from optiq.collect.contracts import Delivery, OversizeError
from optiq.kernel.compressed_bodies import plain
from optiq.kernel.errors import TooLargeError


def plain_body(delivery: Delivery, limit_bytes: int) -> bytes:
    """As `compressed_bodies.plain`.

    Raises:
        OversizeError: larger than the limit. InvalidError: as there.
    """
    try:
        return plain(delivery.body, delivery.encoding, limit_bytes)
    except TooLargeError as error:
        raise OversizeError(str(error)) from error
