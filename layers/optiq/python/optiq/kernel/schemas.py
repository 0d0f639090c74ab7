"""How the edge models of every context write instants, days, money and lists, once for all.

A contract has `created_ms`, milliseconds since 1970; the API has `created_at`, an RFC 3339 instant. `Out` reads the one
as the other, and `In.given()` hands the other on as the one. Only handlers use these models.
"""

from collections.abc import Callable, Collection
from dataclasses import fields
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar, get_type_hints

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import (
    AliasChoices,
    AliasGenerator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    create_model,
)
from pydantic_core import PydanticCustomError

from optiq.kernel.clock import from_rfc3339, parse_day, to_rfc3339
from optiq.kernel.errors import InvalidError
from optiq.kernel.money import parse_currency, to_micros

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T")
_INSTANT, _DAY = "2026-01-31T09:30:00.000Z", "2026-01-31"


_WIRE = {"from_day": "from", "to_day": "to"}
_INSTANTS = ("since", "as_of", "data_until", "compared_until")
"""Names of instants that do not end in `_at`."""


def _attribute_of(field: str) -> str:
    """The contract's name of a field: `created_ms` of `created_at`."""
    return f"{field.removesuffix('_at')}_ms" if field.endswith("_at") or field in _INSTANTS else field


def _written(field: str) -> str:
    """The name of a field in JSON: `from` of `from_day`, the first day of several."""
    return _WIRE.get(field, field)


def _read_as(field: str) -> AliasChoices:
    return AliasChoices(_attribute_of(field), _written(field))


class Out(BaseModel):
    """An answer, read from its contract: `LinkOut.model_validate(link)`.

    It can be read from what it wrote too: Powertools validates each answer once more.
    """

    model_config = ConfigDict(
        from_attributes=True,
        populate_by_name=True,
        serialize_by_alias=True,
        alias_generator=AliasGenerator(validation_alias=_read_as, serialization_alias=_written),
    )


_Answer = TypeVar("_Answer", bound=Out)


def shows(
    contract: "type[DataclassInstance]", *, but: Collection[str] = ()
) -> Callable[[type[_Answer]], type[_Answer]]:
    """Gives an answer the fields of its contract: milliseconds as instants, micros as money, all else as it is.

    Left out are the organization, which is the caller's, and what `but` names. A field that the class has itself is as
    it is there. openapi.json shows what a new field of a contract tells.
    """

    def add(model: type[_Answer]) -> type[_Answer]:
        hints = get_type_hints(contract)
        shown = [field.name for field in fields(contract) if field.name not in {"organization_id", *but}]
        found: dict[str, Any] = {_answered(name): (_type_answered(name, hints[name]), ...) for name in shown}
        own = {name: one for name, one in found.items() if name not in model.model_fields}
        return create_model(model.__name__, __base__=model, __module__=model.__module__, __doc__=model.__doc__, **own)

    return add


def _answered(name: str) -> str:
    """The name in an answer of a contract's field: `created_at` of `created_ms`."""
    bare = name.removesuffix("_ms")
    if bare == name or bare in _INSTANTS:
        return bare
    return f"{bare}_at"


def _type_answered(name: str, hint: Any) -> Any:
    of_name = Instant if name.endswith("_ms") else Micros if name.endswith("_micros") else None
    if of_name is None:
        return hint
    return of_name | None if hint == int | None else of_name


def fields_of(contract: "DataclassInstance") -> dict[str, Any]:
    """The fields of a contract, to which an answer adds others."""
    return {field.name: getattr(contract, field.name) for field in fields(contract)}


class PageOut(Out, Generic[T]):
    """A page of a list. `cursor` asks for the next page, and is null at the end."""

    items: list[T]
    cursor: str | None


class In(BaseModel):
    """What a request says. It refuses fields that it does not know."""

    model_config = ConfigDict(
        extra="forbid", alias_generator=AliasGenerator(validation_alias=_written, serialization_alias=_attribute_of)
    )

    def given(self, *but: str) -> dict[str, Any]:
        """The fields that the request has, by the contract's names, but for those named."""
        return self.model_dump(by_alias=True, exclude_unset=True, exclude=set(but))


def _to_instant(value: Any) -> Any:
    return to_rfc3339(value) if type(value) is int else value


def _from_instant(value: Any) -> Any:
    return _read(from_rfc3339, value, f'must be an RFC 3339 instant such as "{_INSTANT}"')


def _from_day(value: Any) -> Any:
    return _read(lambda text: parse_day(text).isoformat(), value, f'must be a day such as "{_DAY}"')


def _from_amount(value: Any) -> Any:
    return _read(to_micros, value, 'must be a number such as "49.90"', int | float | str)


def _from_currency(value: Any) -> Any:
    return _read(parse_currency, value, 'must be a currency code such as "EUR"')


def _read(parse: Callable[[Any], Any], value: Any, otherwise: str, kinds: type | UnionType = str) -> Any:
    """Says what is wrong with a value as a mistake of its field."""
    if not isinstance(value, kinds):
        raise PydanticCustomError("invalid", "{what}", {"what": otherwise})
    try:
        return parse(value)
    except InvalidError as error:
        raise PydanticCustomError("invalid", "{what}", {"what": str(error)}) from error


def _or_null(value: Any) -> Any:
    return None if value in ("", 0) else value


Instant = Annotated[
    str, BeforeValidator(_to_instant), WithJsonSchema({"type": "string", "format": "date-time", "examples": [_INSTANT]})
]
"""In an answer: RFC 3339 of a contract's milliseconds."""
InstantIn = Annotated[
    int,
    BeforeValidator(_from_instant),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": [_INSTANT]}),
]
"""In a request: milliseconds of an RFC 3339 text."""
Day = Annotated[str, WithJsonSchema({"type": "string", "format": "date", "examples": [_DAY]})]
"""In an answer: a calendar day."""
DayIn = Annotated[
    str, BeforeValidator(_from_day), WithJsonSchema({"type": "string", "format": "date", "examples": [_DAY]})
]
"""In a request: a calendar day, checked."""
Micros = Annotated[int, Field(description="millionths of the currency: 10.50 is 10500000", examples=[10_500_000])]
AmountIn = Annotated[
    int,
    BeforeValidator(_from_amount),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string"}], "examples": ["12.50"]}),
]
"""In a request: a decimal amount, as micros; text keeps it exact."""
CurrencyIn = Annotated[
    str,
    BeforeValidator(_from_currency),
    WithJsonSchema({"type": "string", "description": "ISO 4217", "examples": ["EUR"]}),
]
OrNull = BeforeValidator(_or_null)
"""Shows what a contract has as "", or as the instant 0, as null: `Annotated[str | None, OrNull]`."""

SiteId = Annotated[str, Path(description="id of the site, such as that of `GET /v1/sites`")]
FromQuery = Annotated[
    DayIn | None,
    OrNull,
    Query(alias="from", description="first day, such as 2026-01-01; by default 29 days before `to`"),
]
ToQuery = Annotated[
    DayIn | None,
    OrNull,
    Query(alias="to", description="last day, included; by default today in the site's timezone"),
]
Limit = Annotated[int, Query(ge=1, le=100, description="the most items of a page")]
AsOfQuery = Annotated[str, Query(description="a day or an RFC 3339 instant: what the ledger held then; by default now")]
