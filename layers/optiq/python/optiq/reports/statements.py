"""What statements are made of."""

from dataclasses import dataclass

from optiq.ports.query import Value


@dataclass(frozen=True, slots=True)
class Sql:
    """A condition on rows, or a whole SELECT, with the parameters of its question marks in their order."""

    sql: str
    parameters: tuple[Value, ...] = ()
