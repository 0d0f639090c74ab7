"""The check of a ledger: it names what was changed."""

from typing import Any

import pytest
from optiq.billing import api as billing
from optiq.billing import keys
from optiq.billing.contracts import Source
from optiq.billing.credits import records
from optiq.billing.credits.copying import copy_ended_days
from optiq.billing.credits.verifying import verify
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, from_rfc3339
from optiq.kernel.settings import settings

MONDAY = from_rfc3339("2026-03-02T10:00:00Z")
TUESDAY = MONDAY + DAY_MS


@pytest.fixture
def caller(table: object, organization_id: str) -> Caller:
    caller = Caller.system(organization_id)
    for number in range(3):
        give(caller, 10 + number, MONDAY)
    for number in range(3):
        give(caller, 10 + number, TUESDAY)
    return caller


def give(caller: Caller, amount: int, now_ms: int) -> None:
    source = Source("test", f"{amount} at {now_ms}")
    billing.grant(caller, amount, kind="BONUS", source=source, clock=lambda: now_ms)


def item(caller: Caller, sequence: int) -> dict[str, Any]:
    pk, sk = keys.entry(caller.organization_id, sequence)
    return {"TableName": settings().table, "Key": {"pk": {"S": pk}, "sk": {"S": sk}}}


def copied(now_ms: int) -> int:
    return copy_ended_days(clock=lambda: now_ms, stop=lambda: False).done


def test_verify_finds_nothing_in_a_ledger_as_it_was_written(caller: Caller) -> None:
    check = verify(caller, clock=lambda: TUESDAY)

    assert (check.good_entries, check.fault, check.copied_until) == (6, "", "")
    assert check.last_seal == records.find_head(caller.organization_id).seal


@pytest.mark.parametrize("field", ["amount", "balance_after", "at_ms"])
def test_verify_names_an_entry_that_was_changed(caller: Caller, table: Any, field: str) -> None:
    table.update_item(
        **item(caller, 4),
        UpdateExpression=f"SET {field} = {field} + :more",
        ExpressionAttributeValues={":more": {"N": "1"}},
    )

    check = verify(caller, clock=lambda: TUESDAY)

    assert (check.good_entries, check.fault) == (3, "entry 4 is not what was written")


def test_verify_names_an_entry_that_is_missing(caller: Caller, table: Any) -> None:
    table.delete_item(**item(caller, 4))

    assert verify(caller, clock=lambda: TUESDAY).fault == "entry 4 is missing"


def test_copy_is_made_once_of_each_day_that_ended(caller: Caller) -> None:
    wednesday = TUESDAY + DAY_MS

    assert copied(TUESDAY) >= 1
    assert verify(caller, clock=lambda: TUESDAY).copied_until == "2026-03-02"
    copied(wednesday)
    assert copied(wednesday) == 0
    assert verify(caller, clock=lambda: wednesday).copied_until == "2026-03-03"


def test_verify_finds_a_ledger_that_was_put_back(caller: Caller, table: Any) -> None:
    wednesday = TUESDAY + DAY_MS
    before = records.find_head(caller.organization_id)
    pk, sk = keys.head(caller.organization_id)
    head = table.get_item(TableName=settings().table, Key={"pk": {"S": pk}, "sk": {"S": sk}})["Item"]
    give(caller, 99, TUESDAY)
    copied(wednesday)

    # Somebody takes the last entry out again, with its head.
    table.put_item(TableName=settings().table, Item=head)
    table.delete_item(**item(caller, before.sequence + 1))

    check = verify(caller, clock=lambda: wednesday)
    assert (check.good_entries, check.fault) == (6, "entry 7 of the copy in the lake is missing")

    # And posts something else in its place.
    give(caller, 5, TUESDAY)
    assert verify(caller, clock=lambda: wednesday).fault == "entry 7 is another than its copy in the lake"
