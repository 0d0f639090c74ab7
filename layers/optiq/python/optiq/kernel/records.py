"""The record of an entity, made from its dataclass: one attribute for each field, by the field's type."""

from collections.abc import Callable
from dataclasses import asdict, fields, is_dataclass
from functools import cache
from threading import Lock
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter
from pynamodb.attributes import Attribute, BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from optiq.kernel.table import BySecondKey, Record

T = TypeVar("T")
_ATTRIBUTES: dict[Any, type[Attribute[Any]]] = {str: UnicodeAttribute, int: NumberAttribute, bool: BooleanAttribute}
_MAKING = Lock()


def record_of(kind: type) -> type[Record]:
    """A record with the fields of a dataclass: texts, numbers and booleans as they are, all else as JSON.

    It is one class for all threads: each class has an exception of its own for what does not exist.
    """
    with _MAKING:
        return _made(kind)


@cache
def _made(kind: type) -> type[Record]:
    hints = get_type_hints(kind)
    attributes = {field.name: _attribute(hints[field.name]) for field in fields(kind)}
    return type(f"{kind.__name__}Record", (Record,), {"by_second_key": BySecondKey(), **attributes})


def values_of(entity: Any) -> dict[str, Any]:
    """What a record of the entity is made with."""
    kind: type = type(entity)
    names, holding = _written(kind)
    values = {name: getattr(entity, name) for name in names}
    # It looks into every part of every field, and few have anything to be changed within.
    if any(values[name] for name in holding):
        values = asdict(entity)
    return {name: value for name, value in values.items() if value is not None}


@cache
def _written(kind: type) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The fields of an entity, and those of them that may hold dataclasses."""
    hints = get_type_hints(kind)
    names = tuple(field.name for field in fields(kind))
    return names, tuple(name for name in names if _may_hold_dataclass(hints[name]))


def _may_hold_dataclass(hint: Any) -> bool:
    return is_dataclass(hint) or any(map(_may_hold_dataclass, get_args(hint)))


def entity_in(kind: type[T], record: Record) -> T:
    """The entity that a record holds; fields that it was written without are as the dataclass has them."""
    stored = record.attribute_values
    known: dict[str, Any] = {}
    plain: type = kind  # mypy does not see that a type with a variable can be hashed
    for name, read in _readers(plain):
        value = stored.get(name)
        if value is not None:
            known[name] = value if read is None else read(value)
    return kind(**known)


@cache
def _readers(kind: type) -> tuple[tuple[str, Callable[[Any], Any] | None], ...]:
    """The fields of an entity, each with what makes its value of a stored one; None where they are the same."""
    hints = get_type_hints(kind)
    return tuple((field.name, _reader(hints[field.name])) for field in fields(kind))


def _reader(hint: Any) -> Callable[[Any], Any] | None:
    plain = _plain(hint)
    if plain is int:
        return int  # PynamoDB reads numbers as floats where they were written so.
    if plain in _ATTRIBUTES:
        return None
    if get_origin(plain) is tuple and get_args(plain)[-1] is Ellipsis:
        each = get_args(plain)[0]
        if _plain(each) is str:
            return tuple
        if isinstance(each, type) and is_dataclass(each) and _is_flat(each):
            build: Callable[..., Any] = each
            return lambda found: tuple(build(**one) for one in found)
    return TypeAdapter(hint).validate_python


def _is_flat(kind: Any) -> bool:
    """Whether JSON has all fields of a dataclass as they are."""
    return all(_plain(hint) in _ATTRIBUTES for hint in get_type_hints(kind).values())


def _attribute(hint: Any) -> Attribute[Any]:
    return _ATTRIBUTES.get(_plain(hint), JSONAttribute)(null=True)


def _plain(hint: Any) -> Any:
    """The type that a value has when it is there: `int` of `int | None`, `str` of a Literal of texts."""
    if get_origin(hint) in (Union, UnionType):
        (hint,) = (each for each in get_args(hint) if each is not NoneType)
    return type(get_args(hint)[0]) if get_origin(hint) is Literal else hint
