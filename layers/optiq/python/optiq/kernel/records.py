"""The record of an entity, made from its dataclass: one attribute for each field, by the field's type."""

from dataclasses import asdict, fields
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter
from pynamodb.attributes import Attribute, BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from optiq.kernel.table import BySecondKey, Record

_ATTRIBUTES: dict[Any, type[Attribute[Any]]] = {str: UnicodeAttribute, int: NumberAttribute, bool: BooleanAttribute}


@cache
def record_of(kind: type) -> type[Record]:
    """A record with the fields of a dataclass: texts, numbers and booleans as they are, all else as JSON."""
    hints = get_type_hints(kind)
    attributes = {field.name: _attribute(hints[field.name]) for field in fields(kind)}
    return type(f"{kind.__name__}Record", (Record,), {"by_second_key": BySecondKey(), **attributes})


def values_of(entity: Any) -> dict[str, Any]:
    """What a record of the entity is made with."""
    return {name: value for name, value in asdict(entity).items() if value is not None}


def entity_in(kind: type, record: Record) -> Any:
    """The entity that a record holds; fields that it was written without are as the dataclass has them."""
    hints = get_type_hints(kind)
    found = {field.name: getattr(record, field.name) for field in fields(kind)}
    known = {name: _whole(hints[name], value) for name, value in found.items() if value is not None}
    return _adapter(kind).validate_python(known)


def _attribute(hint: Any) -> Attribute[Any]:
    return _ATTRIBUTES.get(_plain(hint), JSONAttribute)(null=True)


def _plain(hint: Any) -> Any:
    """The type that a value has when it is there: `int` of `int | None`, `str` of a Literal of texts."""
    if get_origin(hint) in (Union, UnionType):
        (hint,) = (each for each in get_args(hint) if each is not NoneType)
    return type(get_args(hint)[0]) if get_origin(hint) is Literal else hint


def _whole(hint: Any, value: Any) -> Any:
    # PynamoDB reads numbers as floats where they were written so.
    return int(value) if _plain(hint) is int else value


@cache
def _adapter(kind: type) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
