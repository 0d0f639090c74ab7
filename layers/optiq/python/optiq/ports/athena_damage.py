"""Files of the lake in the bucket that Athena cannot read: known by its errors, remembered while they stay as they are.

Athena fails a query at the first of them, and names it. Left out by its path, it is never opened.
"""

import logging
import re
from collections import Counter

from botocore.exceptions import ClientError

from optiq.kernel.errors import UpstreamError
from optiq.ports.aws_client import AwsError, aws_client, error_code, upstream_error
from optiq.ports.query import DamagedFile

_LOG = logging.getLogger(__name__)
_NAMED = re.compile(r"\bHIVE_[A-Z_]+: .*?(s3://[^\s,()'\"]+\.parquet)", re.DOTALL)
_PLACE = re.compile(r"([a-z_]+)/org=([A-Za-z0-9_]+)/dt=([0-9-]+)/[^/]+\.parquet")
_BELIEVED = 2
"""Athena fails at good files too, now and then: one is damaged when it is named a second time."""
_MOST_TRIES = 12


class UnreadableFileError(UpstreamError):
    """A query failed at a file. `address` is s3://bucket/key."""

    def __init__(self, message: str, address: str, *, retryable: bool) -> None:
        super().__init__(message, retryable=retryable)
        self.address = address


def address_in(reason: str) -> str | None:
    """The file that Athena's reason for a failure names."""
    found = _NAMED.search(reason)
    return found[1] if found else None


class AthenaDamage:
    """The damaged files of a lake that this process has met.

    Args:
        lake: `s3://bucket/prefix`.
    """

    def __init__(self, lake: str) -> None:
        self._lake = f"{lake.rstrip('/')}/"
        self._damaged: dict[str, str] = {}

    def damaged_files(self) -> list[str]:
        """Addresses of those that are still as they were. Raises UpstreamError."""
        for address, stamp in self._damaged.copy().items():
            if _stamp(address) != stamp:
                self._damaged.pop(address, None)
        return sorted(self._damaged)

    def files(self) -> list[tuple[str, DamagedFile]]:
        """Each with its organization. Raises UpstreamError."""
        places = [(address.removeprefix(self._lake)) for address in self.damaged_files()]
        found = [(place, _PLACE.fullmatch(place)) for place in places]
        return [(match[2], DamagedFile(match[1], match[3], place)) for place, match in found if match]

    def is_worth_another_try(self, error: UnreadableFileError, tries: Counter[str]) -> bool:
        """Whether the same query may succeed now: the file is gone, was never named before, or is left out from now on.

        Raises:
            UpstreamError: the bucket does not answer.
        """
        tries[error.address] += 1
        place = error.address.removeprefix(self._lake)
        if tries.total() > _MOST_TRIES or _PLACE.fullmatch(place) is None:
            return False
        stamp = _stamp(error.address)
        if stamp and tries[error.address] >= _BELIEVED:
            self._damaged[error.address] = stamp
            _LOG.error("the lake's file %s cannot be read; its rows are missing from every answer: %s", place, error)
        return True


def _stamp(address: str) -> str:
    """The object's ETag; "" when there is none."""
    bucket, _, key = address.removeprefix("s3://").partition("/")
    try:
        return str(aws_client("s3").head_object(Bucket=bucket, Key=key)["ETag"])
    except ClientError as error:
        if error_code(error) in ("404", "NoSuchKey"):
            return ""
        raise upstream_error("the lake did not answer", error) from error
    except AwsError as error:
        raise upstream_error("the lake did not answer", error) from error
