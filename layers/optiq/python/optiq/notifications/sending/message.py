"""A message to people, before a channel gives it a form."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Message:
    """
    Attributes:
        title: a line, such as "Orders on Tuesday were 52; 100 are usual".
        paragraphs: sentences of plain text. points: a list below them, such as what changed most.
        action: what the link at the end is called. url: of the console; "" for none.
    """

    title: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = field(default=())
    action: str = ""
    url: str = ""
