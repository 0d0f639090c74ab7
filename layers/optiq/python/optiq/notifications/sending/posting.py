"""A POST to an address that a customer named. It connects to the address that was checked, and follows nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException

from optiq.kernel.asking_outside import ask
from optiq.kernel.outside_targets import Target

TIMEOUT_SECONDS = 15
"""Of all of it, however slowly the receiver answers."""
_MOST_BYTES = 4_096
"""Of an answer, which is shown to the customer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver said. `status` is 0 when it said nothing; `text` is the beginning of the answer, or what went
    wrong."""

    status: int
    text: str
    retry_after: str = ""


def post(target: Target, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Sends once. Raises nothing: what went wrong is in the answer."""
    sent = {"content-type": "application/json", **headers}
    try:
        answer = ask(target, "POST", sent, body, most_bytes=_MOST_BYTES, seconds=TIMEOUT_SECONDS)
    except (HTTPException, OSError) as error:
        return Answer(0, f"no answer ({type(error).__name__})")
    return Answer(answer.status, answer.body.decode("utf-8", "replace"), answer.headers.get("retry-after", ""))
