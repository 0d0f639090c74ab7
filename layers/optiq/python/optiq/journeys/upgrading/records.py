"""Items as 0.2.0 wrote them."""

from typing import Any, cast

from pynamodb.attributes import Attribute, BinaryAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from optiq.kernel.events import IdentityType
from optiq.kernel.table import Record


class _BooleanOrText(Attribute[Any]):
    """What was a boolean and is a text now."""

    attr_type = "S"

    def get_value(self, value: dict[str, Any]) -> Any:
        return next(iter(value.values()))

    def deserialize(self, value: Any) -> Any:
        return value


class OldCustomerRecord(Record):
    """A customer of 0.2.0, or of today: `sealed` is today's alone, `crowded` was a boolean."""

    identity_type = UnicodeAttribute()
    version = NumberAttribute()
    facts = BinaryAttribute(legacy_encoding=False)
    links = UnicodeAttribute(default="[]")
    first_ms = NumberAttribute(null=True)
    sealed = BinaryAttribute(null=True, legacy_encoding=False)
    conversions = JSONAttribute(null=True)
    crowded = _BooleanOrText(null=True)

    @property
    def kind(self) -> IdentityType:
        return cast(IdentityType, self.identity_type)
