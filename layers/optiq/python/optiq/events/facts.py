"""Facts as JSON and back, by their classes."""

from typing import Any, TypeVar

from pydantic import TypeAdapter

F = TypeVar("F")
_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}


def adapter_of(kind: type[F]) -> TypeAdapter[F]:
    """Reads and writes facts of a class; events/schemas/ is made of it. Making one takes a millisecond."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]
