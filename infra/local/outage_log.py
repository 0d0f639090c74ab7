"""One line in the log when something begins to fail, and one when it works again, however often it is tried."""

import logging


class OutageLog:
    """For one thing that is tried again and again, by one thread.

    Args:
        what: what it does, such as "journeys, shard 0".
    """

    def __init__(self, logger: logging.Logger, what: str) -> None:
        self._logger = logger
        self._what = what
        self._failures = 0

    def failed(self, error: BaseException) -> None:
        self._failures += 1
        if self._failures == 1:
            self._logger.warning("%s waits: %s: %s", self._what, type(error).__name__, error)

    def works(self) -> None:
        if self._failures:
            self._logger.warning("%s goes on, after %d failures", self._what, self._failures)
            self._failures = 0
