"""Batches of loud organizations, handled in processes of their own at a lower priority than all that others wait for.

A quiet organization's event takes the interpreter some twenty times and the table as often. In one process with a
loud one's batches it waited each time, for their threads and for the processor.
"""

import json
import uuid
from collections.abc import Sequence

from optiq.kernel.errors import UpstreamError
from optiq.ports.log_file import SHARDS

from infra.local.blocking_processes import BlockingProcesses
from infra.local.handler_processes import Call, HandlerProcesses, ProcessEndedError
from infra.local.mappings import Mapping
from infra.local.shard_reader import Event

_PROCESSES = 2
"""As many as an organization has shards: while one waits for the table or the disk, the other works."""
_WAITING = 1_000
_LONGEST_SECONDS = 900.0
"""What Lambda gives a function at most."""


class BatchError(Exception):
    """The function failed in its process, or the process ended; says how."""


class BatchProcesses:
    """Calls consumers' functions as a pump does; its threads may share it.

    Args:
        mappings: what each process imports at its start.
    """

    def __init__(self, mappings: Sequence[Mapping]) -> None:
        processes = HandlerProcesses(
            processes=_PROCESSES,
            each=_PROCESSES,
            waiting=_WAITING,
            longest_seconds=_LONGEST_SECONDS,
            imports=[mapping.handler for mapping in mappings],
        )
        self._processes = BlockingProcesses(processes, "batches")

    def invoke(self, mapping: Mapping, shard: int, event: Event) -> object:
        """What the function answers.

        Raises:
            UpstreamError: something that it needs does not answer, or no process can begin.
            BatchError: it failed, or its process was killed, as where it takes all memory.
        """
        call = Call(str(shard // SHARDS), mapping.handler, mapping.consumer, str(uuid.uuid4()), event)
        try:
            reply = self._processes.call(call)
        except ProcessEndedError as error:
            if error.killed:
                raise BatchError(str(error)) from error
            raise _cannot_begin() from error
        except OSError as error:
            raise _cannot_begin() from error
        if "raised" not in reply.head:
            return json.loads(reply.body)
        raised = reply.head["raised"]
        if reply.head["retryable"]:
            raise UpstreamError(raised["errorMessage"], retryable=True)
        raise BatchError(f"{raised['errorType']}: {raised['errorMessage']}\n{''.join(raised['stackTrace'])}")

    def close(self) -> None:
        """Ends the processes; the batches they work on fail."""
        self._processes.close()


def _cannot_begin() -> UpstreamError:
    """No fault of the batch: the system has no room for a process, or its folder has changed."""
    return UpstreamError("no process for batches can begin", retryable=True)
