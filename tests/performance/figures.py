"""What a measurement gives: figures, each with its unit and, where there is one, its goal."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured or computed value.

    Attributes:
        goal: the most it should be, or None.
        ratio: how it compares with the measurement's own yardstick, such as "3.1 x a trivial handler"; a ratio
            taken in one run says more than the value, which is this machine's.
        note: what stands behind the value.
    """

    name: str
    value: float
    unit: str
    goal: float | None = None
    ratio: str = ""
    note: str = ""
