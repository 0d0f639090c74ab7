"""Long work: state machines written in Amazon States Language (statemachines/*.asl.json)."""

from typing import Protocol


class Workflows(Protocol):
    def start(self, machine: str, execution_name: str, input_json: str) -> None:
        """Starts one execution; the same name again changes nothing while the first is known.

        Raises:
            UpstreamError: it was not started.
        """
        ...
