"""Edge models read their contract, and write instants, days and lists in one way."""

from dataclasses import dataclass
from typing import Annotated

import pytest
from optiq.kernel.paging import Page
from optiq.kernel.schemas import Day, DayIn, In, Instant, InstantIn, OrNull, Out, PageOut, shows
from pydantic import ValidationError


@dataclass(frozen=True, slots=True)
class _Coupon:
    code: str
    created_ms: int
    ended_ms: int | None
    label: str
    from_day: str = "2026-01-01"
    to_day: str = "2026-01-31"


class CouponOut(Out):
    code: str
    created_at: Instant
    ended_at: Instant | None
    label: Annotated[str | None, OrNull]
    from_day: Day
    to_day: Day


class CouponsOut(PageOut[CouponOut]):
    """Newest first."""


class CouponPatch(In):
    code: str = ""
    ends_at: InstantIn | None = None
    from_day: DayIn = "2026-01-01"
    version: int | None = None


_COUPON = _Coupon("SPRING", 1_767_225_600_123, None, "")
_WRITTEN = {
    "code": "SPRING",
    "created_at": "2026-01-01T00:00:00.123Z",
    "ended_at": None,
    "label": None,
    "from": "2026-01-01",
    "to": "2026-01-31",
}


def test_an_answer_reads_its_contract() -> None:
    assert CouponOut.model_validate(_COUPON).model_dump(by_alias=True) == _WRITTEN


@dataclass(frozen=True, slots=True)
class _Gift:
    organization_id: str
    gift_id: str
    seal: str
    created_ms: int
    ended_ms: int | None
    since_ms: int
    price_micros: int
    tags: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        return f"/g/{self.gift_id}"


@shows(_Gift, but=("seal",))
class GiftOut(Out):
    """A gift."""

    address: str
    tags: list[str]


def test_answer_shows_every_field_of_its_contract_but_those_it_leaves_out() -> None:
    gift = _Gift("org_1", "gift_1", "secret", 1_767_225_600_123, None, 1_767_225_600_000, 1_500_000, ("a",))

    written = GiftOut.model_validate(gift).model_dump(by_alias=True)

    assert written == {
        "address": "/g/gift_1",
        "tags": ["a"],
        "gift_id": "gift_1",
        "created_at": "2026-01-01T00:00:00.123Z",
        "ended_at": None,
        "since": "2026-01-01T00:00:00.000Z",
        "price_micros": 1_500_000,
    }
    assert GiftOut.model_validate(written).model_dump(by_alias=True) == written
    schema = GiftOut.model_json_schema(mode="serialization")
    assert (schema["title"], schema["description"]) == ("GiftOut", "A gift.")
    assert schema["properties"]["created_at"]["format"] == "date-time"
    assert "millionths" in schema["properties"]["price_micros"]["description"]


def test_an_answer_reads_what_it_wrote() -> None:
    assert CouponOut.model_validate(_WRITTEN).model_dump(by_alias=True) == _WRITTEN


def test_a_list_reads_a_page() -> None:
    page = CouponsOut.model_validate(Page((_COUPON,), "next"))
    assert page.model_dump(by_alias=True) == {"items": [_WRITTEN], "cursor": "next"}


def test_a_request_gives_what_it_has_by_the_contracts_names() -> None:
    patch = CouponPatch.model_validate({"ends_at": "2026-01-01T01:00:00+01:00", "from": "2026-02-01", "version": 3})
    assert patch.given("version") == {"ends_ms": 1_767_225_600_000, "from_day": "2026-02-01"}


@pytest.mark.parametrize("value", ["tomorrow", 5, "1969-01-01T00:00:00Z"])
def test_an_instant_that_cannot_be_is_a_mistake_of_its_field(value: object) -> None:
    with pytest.raises(ValidationError) as refused:
        CouponPatch.model_validate({"ends_at": value})
    assert refused.value.errors()[0]["loc"] == ("ends_at",)


def test_a_request_refuses_fields_that_it_does_not_know() -> None:
    with pytest.raises(ValidationError):
        CouponPatch.model_validate({"end_at": "2026-01-01T01:00:00Z"})
