"""What an upgrade is made of."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from optiq.kernel.errors import OptiqError

LATEST = 1
"""The version of data that this Optiq writes: that of the last migration."""


class DataVersionError(OptiqError):
    """The data is of a version that this Optiq cannot use; the message says what to do."""

    code = "DATA_VERSION"


@dataclass(frozen=True, slots=True)
class Step:
    """A part of a migration.

    Attributes:
        name: as the table keeps it; never changed. what: for people.
        run: does it from a cursor on ("" for all of it), and yields a cursor behind each part that is durable. A part
            that is done again changes nothing.
    """

    name: str
    what: str
    run: Callable[[str], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Migration:
    """The steps from one version of the data to the next.

    Attributes:
        version: of the data afterwards. optiq: the first release that writes it.
    """

    version: int
    optiq: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class DataVersion:
    """What the table says of its data.

    Attributes:
        version: 0 for that of 0.2.0, which had none. moving_to: of an upgrade that is not over, or None.
    """

    version: int
    optiq: str
    moving_to: int | None = None
    step: str = ""
    cursor: str = ""
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an upgrade is: the number of the step, of so many, and of parts that are done of it."""

    version: int
    number: int
    steps: int
    what: str
    parts: int
