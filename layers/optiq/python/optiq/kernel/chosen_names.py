"""Names that people choose, and that others read: in lists, mails, files and terminals."""

from optiq.kernel.errors import InvalidError


def checked_name(name: str, longest: int, *, field: str = "name", fewest: int = 1) -> str:
    """The name without blanks around it. Raises InvalidError where it is too short or long, or has signs that cannot be
    seen: ends of lines, terminals' commands, turns of the direction of what follows.
    """
    name = name.strip()
    if not fewest <= len(name) <= longest or not name.isprintable():
        raise InvalidError(f"{field}: must have {fewest} to {longest} printable characters")
    return name
