"""The number of an order, as shops show it and as their systems hold it."""


def bare_number(text: str) -> str:
    """The number without the sign before it: a shop shows #1010 to its buyers, and sends 1010 from its server."""
    return text[1:] if text[:1] == "#" and text[1:2].isalnum() else text
