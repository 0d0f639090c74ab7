"""Conditional puts and direct reads against the table that runs on one machine."""

import json
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ConnectTimeoutError
from optiq.attribution.keys import job
from optiq.kernel.table import CONDITION_FAILED, Put, Record, TableError, Update, put_each, write_together
from optiq.kernel.table_read import read_together
from urllib3 import HTTPResponse, PoolManager
from urllib3.exceptions import ProtocolError


class Item(Record):
    """Of these tests alone: what the base class is asked for, every record that was not asked before is asked by."""


def test_put_each_names_the_puts_whose_condition_did_not_hold(table: object, organization_id: str) -> None:
    # Given an item that stands already
    put_each([Put(Item(*job(organization_id, "job_1")), Item.pk.does_not_exist())])

    # When it is written again together with a new one, each on condition that it does not exist
    lost = put_each([Put(Item(*job(organization_id, name)), Item.pk.does_not_exist()) for name in ("job_1", "job_2")])

    # Then only the old one is refused, and the new one stands
    assert lost == {0}
    assert Item.get(*job(organization_id, "job_2"))


def test_write_together_names_what_stood_in_the_way_in_the_order_it_was_given(
    table: object, organization_id: str
) -> None:
    # Given an update that cannot be made between puts that can
    def put(name: str) -> Put:
        return Put(Item(*job(organization_id, name)), Item.pk.does_not_exist())

    update = Update(Item(*job(organization_id, "none")), [Item.gsi1sk.set("x")], Item.pk.exists())

    # When they are written together, or with a put that cannot be made
    assert write_together([update, put("a"), put("b")]) == {0: CONDITION_FAILED}
    assert write_together([put("a")]) == {}
    assert write_together([update, put("b"), put("a")]) == {0: CONDITION_FAILED, 2: CONDITION_FAILED}

    # Then nothing of what was refused stands
    assert [record.sk for record in Item.batch_get([job(organization_id, n) for n in ("a", "b")])] == ["JOB#a"]


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 200, "said": {"Responses": {}, "UnprocessedKeys": {"optiq": {"Keys": []}}}},
        {"status": 400, "said": {"__type": "ProvisionedThroughputExceededException"}},
        {"status": 500, "said": {}},
    ],
)
def test_a_direct_read_that_is_not_answered_at_once_is_asked_again(
    table: object, organization_id: str, monkeypatch: pytest.MonkeyPatch, answer: dict[str, Any]
) -> None:
    # Given an item, and a table that first gives nothing of it
    key = job(organization_id, "a")
    put_each([Put(Item(*key), None)])
    data = json.dumps(answer["said"]).encode()
    monkeypatch.setattr(
        PoolManager, "request", lambda *_, **__: HTTPResponse(body=data, status=answer["status"], preload_content=True)
    )

    # Then who reads it has it
    assert set(read_together(Item, [key, job(organization_id, "none")])) == {key}


def test_a_direct_read_when_nothing_answers_says_so(table: object, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object, **__: object) -> None:
        raise ProtocolError("the connection was closed")

    def silent(*_: object) -> None:
        raise ConnectTimeoutError(endpoint_url="")

    monkeypatch.setattr(PoolManager, "request", gone)
    monkeypatch.setattr(BaseClient, "_make_api_call", silent)

    with pytest.raises(TableError):
        read_together(Item, [job("org_1", "a")])
