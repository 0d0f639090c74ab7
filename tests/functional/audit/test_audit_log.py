"""Audit logs of who did what: complete, in order, and any tampering shows."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any

import pytest
from optiq.audit import api as audit
from optiq.audit import keys, positions
from optiq.audit.chain import FIRST_SEAL, key_of, seal_of
from optiq.audit.contracts import EARLIER, PLATFORM, Change, Entry
from optiq.audit.records import EntryRecord, HeadRecord
from optiq.events import keys as event_keys
from optiq.events.records import OutboxRecord
from optiq.kernel.caller import Origin
from optiq.kernel.clock import system_clock
from optiq.kernel.errors import InvalidError
from optiq.kernel.keys import Key
from optiq.kernel.settings import settings
from optiq.kernel.table import Put, write_together
from types_boto3_dynamodb import DynamoDBClient

Tamper = Callable[[DynamoDBClient, str], None]


def _change(log: str, number: int = 0, **fields: Any) -> Change:
    values = {"actor": "user_1", "action": "member.changed", "entity": f"user_{number % 2}"} | fields
    return Change(log=log, before={"role": "VIEWER"}, after={"role": "ADMIN", "number": number}, **values)


def _write(log: str, count: int = 5, action: str = "member.changed") -> None:
    for number in range(count):
        assert audit.commit([], [_change(log, number, action=action)], clock=lambda at=1_000 + number: at)


def _numbers(page: Any) -> list[int]:
    return [entry.change.after["number"] for entry in page.items]


def _key(log: str, number: int) -> Key:
    """The key of an entry that `_write` wrote."""
    return Key(keys.partition(log), f"{positions.before(999 + number)}#tenancy#{number:012d}")


def _write_earlier(client: DynamoDBClient, log: str, count: int) -> None:
    """Entries as they were written before each context had a chain of its own."""
    seal = FIRST_SEAL
    for number in range(1, count + 1):
        change = _change(log, number)
        seal = seal_of(key_of(log, EARLIER), seal, number, number, change)
        EntryRecord.of(Entry(EARLIER, number, number, change, seal)).save()
        client.update_item(
            TableName=settings().table,
            Key=_raw(Key(keys.partition(log), f"AUDIT#{number:012d}")),
            UpdateExpression="REMOVE chain",
        )
    head = positions.head_of(log, EARLIER)
    HeadRecord(head.pk, head.sk, sequence=count, at_ms=count, seal=seal).save()


def test_an_entry_says_who_did_what_to_what_and_from_where(table: DynamoDBClient, organization_id: str) -> None:
    change = Change(
        organization_id,
        "user_1",
        "member.changed",
        "user_2",
        {"role": "VIEWER", "teams": ["a", "b"]},
        {"role": None},
        Origin("hash", "Firefox on Linux", "DE"),
    )

    assert audit.commit([], [change], clock=lambda: 7_000)

    (entry,) = audit.entries(organization_id).items
    assert (entry.chain, entry.sequence, entry.at_ms, entry.change) == ("tenancy", 1, 7_000, change)
    assert audit.verify(organization_id).fault == ""


def test_a_change_and_its_entry_are_made_together_or_not_at_all(table: DynamoDBClient, organization_id: str) -> None:
    def put(name: str) -> Put:
        record = OutboxRecord(*event_keys.outbox_item(organization_id, name), event="{}", forget_at=1)
        return Put(record, OutboxRecord.pk.does_not_exist())

    assert audit.commit([put("a")], [_change(organization_id)])
    assert not audit.commit([put("b"), put("a")], [_change(organization_id)])

    assert len(audit.entries(organization_id).items) == 1
    with pytest.raises(OutboxRecord.DoesNotExist):
        OutboxRecord.get(*event_keys.outbox_item(organization_id, "b"))


def test_writers_at_once_make_one_chain(table: DynamoDBClient, organization_id: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda number: audit.commit([], [_change(organization_id, number)]), range(24)))

    assert all(done)
    assert (audit.verify(organization_id).good_entries, audit.verify(organization_id).fault) == (24, "")
    assert {entry.change.after["number"] for entry in audit.entries(organization_id).items} == set(range(24))


def test_entries_of_several_logs_and_several_of_one_are_one_transaction(
    table: DynamoDBClient, organization_id: str
) -> None:
    user = organization_id.replace("org_", "user_")
    changes = [_change(organization_id, 1), _change(user, 2), _change(organization_id, 3), _change(PLATFORM, 4)]

    assert audit.commit([], changes)

    assert [entry.change.after["number"] for entry in audit.entries(organization_id).items] == [3, 1]
    assert [entry.change.after["number"] for entry in audit.entries(user).items] == [2]
    for log in (organization_id, user, PLATFORM):
        assert audit.verify(log).fault == ""


def test_a_clock_that_goes_back_does_not_turn_the_order(table: DynamoDBClient, organization_id: str) -> None:
    for at_ms in (5_000, 3_000, 6_000):
        audit.commit([], [_change(organization_id)], clock=lambda at=at_ms: at)

    assert [entry.at_ms for entry in audit.entries(organization_id).items] == [6_000, 5_000, 5_000]


def test_entries_are_found_by_time_actor_and_thing_in_pages(table: DynamoDBClient, organization_id: str) -> None:
    _write(organization_id, 6)
    audit.commit([], [_change(organization_id, 6, actor="user_9")], clock=lambda: 2_000)

    assert _numbers(audit.entries(organization_id, since_ms=1_002, until_ms=1_004)) == [3, 2]
    assert _numbers(audit.entries(organization_id, actor="user_9")) == [6]
    assert _numbers(audit.entries_of_entity(organization_id, "user_1")) == [5, 3, 1]
    pages, cursor = [], None
    while True:
        page = audit.entries(organization_id, limit=3, cursor=cursor)
        pages.append(_numbers(page))
        if (cursor := page.cursor) is None:
            break
    assert pages == [[6, 5, 4], [3, 2, 1], [0]]
    of_thing = audit.entries_of_entity(organization_id, "user_0", limit=2)
    assert _numbers(audit.entries_of_entity(organization_id, "user_0", cursor=of_thing.cursor)) == [2, 0]


def test_a_log_that_is_gone_is_missed(table: DynamoDBClient, organization_id: str) -> None:
    _write(organization_id)
    _delete(1, 2, 3, 4, 5)(table, organization_id)
    for key in (positions.head_of(organization_id, "tenancy"), keys.chains(organization_id)):
        table.delete_item(TableName=settings().table, Key=_raw(key))

    assert audit.entries(organization_id).items == ()
    assert audit.verify(organization_id).fault == "there is no audit log"


def test_each_context_has_a_chain_of_its_own(table: DynamoDBClient, organization_id: str) -> None:
    _write(organization_id, 3)
    _write(organization_id, 2, "link.created")

    checks = audit.verify(organization_id).chains
    assert [(one.chain, one.good_entries, one.fault) for one in checks] == [("links", 2, ""), ("tenancy", 3, "")]


def test_writers_of_different_contexts_do_not_wait_for_each_other(
    table: DynamoDBClient, organization_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One writes between another's reading of the head and its writing."""
    _write(organization_id, 1)
    _write(organization_id, 1, "link.created")
    tries: list[str] = []

    def writing(action: str) -> None:
        def write(writes: Any) -> dict[int, str]:
            tries.append(action)
            if len(tries) == 1:
                audit.commit([], [_change(organization_id, 8, action=action)])
            return write_together(list(writes))

        tries.clear()
        with monkeypatch.context() as patch:
            patch.setattr(audit, "write_together", write)
            assert audit.commit([], [_change(organization_id, 9)])

    writing("link.changed")
    assert len(tries) == 2
    writing("member.removed")
    assert len(tries) == 3
    assert audit.verify(organization_id).fault == ""


def test_entries_of_all_contexts_come_newest_first_in_pages(table: DynamoDBClient, organization_id: str) -> None:
    actions = ["member.changed", "link.created", "token.created", "member.changed", "link.changed", "site.changed"]
    for number, action in enumerate(actions):
        audit.commit([], [_change(organization_id, number, action=action)], clock=lambda at=1_000 + number: at)

    pages, cursor = [], None
    while True:
        page = audit.entries(organization_id, limit=2, cursor=cursor)
        pages.append(_numbers(page))
        if (cursor := page.cursor) is None:
            break
    assert pages == [[5, 4], [3, 2], [1, 0]]
    assert _numbers(audit.entries_of_entity(organization_id, "user_1")) == [5, 3, 1]
    with pytest.raises(InvalidError):
        audit.entries_of_entity(organization_id, "user_1", cursor=audit.entries(organization_id, limit=1).cursor)


def test_entries_from_before_chains_of_contexts_are_listed_and_verified(
    table: DynamoDBClient, organization_id: str
) -> None:
    _write_earlier(table, organization_id, 3)
    assert audit.verify(organization_id).fault == ""
    now_ms = system_clock()
    for number in (4, 5):
        audit.commit([], [_change(organization_id, number)], clock=lambda at=now_ms + number: at)

    assert [(one.chain, one.good_entries, one.fault) for one in audit.verify(organization_id).chains] == [
        ("earlier", 3, ""),
        ("tenancy", 2, ""),
    ]
    assert _numbers(audit.entries(organization_id)) == [5, 4, 3, 2, 1]
    assert _numbers(audit.entries(organization_id, since_ms=2, until_ms=now_ms + 5)) == [4, 3, 2]
    assert _numbers(audit.entries_of_entity(organization_id, "user_1")) == [5, 3, 1]
    table.delete_item(
        TableName=settings().table,
        Key={"pk": {"S": keys.partition(organization_id)}, "sk": {"S": "AUDIT#000000000002"}},
    )
    assert audit.verify(organization_id).fault == "earlier: entry 2 is missing"


def test_a_whole_chain_that_is_gone_is_missed(table: DynamoDBClient, organization_id: str) -> None:
    _write(organization_id, 2, "link.created")
    _write(organization_id)
    _delete(1, 2, 3, 4, 5)(table, organization_id)
    table.delete_item(TableName=settings().table, Key=_raw(positions.head_of(organization_id, "tenancy")))

    assert audit.verify(organization_id).fault == "tenancy: every entry is missing"
    # Nor does it help to begin it anew.
    _write(organization_id, 1)
    assert audit.verify(organization_id).fault == "tenancy: was begun again after its head was deleted"


def test_a_chain_cannot_be_struck_from_the_list_of_chains(table: DynamoDBClient, organization_id: str) -> None:
    _write(organization_id, 2)
    item = _item(table, keys.chains(organization_id))
    table.put_item(TableName=settings().table, Item=item | {"begun": {"S": "{}"}})

    assert audit.verify(organization_id).fault == "the list of chains is not what was written"
    table.delete_item(TableName=settings().table, Key=_raw(keys.chains(organization_id)))
    assert audit.verify(organization_id).fault == "tenancy: is not in the list of chains"


def test_an_entry_moved_to_another_chain_does_not_fit(table: DynamoDBClient, organization_id: str) -> None:
    _write(organization_id)
    _write(organization_id, 5, "link.created")
    second = _item(table, _key(organization_id, 2))
    theirs = _key(organization_id, 2).sk.replace("tenancy", "links")
    moved = second | {"sk": {"S": theirs}, "gsi1sk": {"S": theirs}, "chain": {"S": "links"}}

    table.put_item(TableName=settings().table, Item=moved)

    assert audit.verify(organization_id).fault == "links: entry 2 is not what was written"


def test_an_action_that_no_manifest_names_is_refused(table: DynamoDBClient, organization_id: str) -> None:
    with pytest.raises(ValueError, match="no context's manifest has 'moon' in `audits`"):
        audit.commit([], [_change(organization_id, action="moon.landed")])


def _item(client: DynamoDBClient, key: Key) -> Any:
    return client.get_item(TableName=settings().table, Key=_raw(key), ConsistentRead=True)["Item"]


def _raw(key: Key) -> dict[str, Any]:
    return {"pk": {"S": key.pk}, "sk": {"S": key.sk}}


def _edit(number: int, **attributes: Any) -> Tamper:
    def tamper(client: DynamoDBClient, log: str) -> None:
        item = _item(client, _key(log, number)) | attributes
        client.put_item(TableName=settings().table, Item=item)

    return tamper


def _delete(*numbers: int) -> Tamper:
    def tamper(client: DynamoDBClient, log: str) -> None:
        for number in numbers:
            client.delete_item(TableName=settings().table, Key=_raw(_key(log, number)))

    return tamper


def _swap(client: DynamoDBClient, log: str) -> None:
    """Entries 2 and 3 change places, each with the number of its new place."""
    second, third = (_item(client, _key(log, number)) for number in (2, 3))
    place = ("pk", "sk", "gsi1sk", "sequence", "at_ms")
    for item, where in ((second, third), (third, second)):
        client.put_item(TableName=settings().table, Item=item | {name: where[name] for name in place})


def _delete_and_close_up(client: DynamoDBClient, log: str) -> None:
    """Entry 3 goes, those after it move up, and the head counts one less."""
    for number in (4, 5):
        before = _item(client, _key(log, number - 1))
        moved = _item(client, _key(log, number))
        place = ("pk", "sk", "gsi1sk", "sequence", "at_ms")
        client.put_item(TableName=settings().table, Item=moved | {name: before[name] for name in place})
    _delete(5)(client, log)
    head = _item(client, positions.head_of(log, "tenancy")) | {"sequence": {"N": "4"}}
    client.put_item(TableName=settings().table, Item=head)


def _cut_off_with_head(client: DynamoDBClient, log: str) -> None:
    """The last entry goes and the head says so, but whoever did it cannot know the seal to give it."""
    _delete(5)(client, log)
    head = _item(client, positions.head_of(log, "tenancy")) | {"sequence": {"N": "4"}}
    client.put_item(TableName=settings().table, Item=head)


def _add(client: DynamoDBClient, log: str) -> None:
    last = _item(client, _key(log, 5))
    item = last | {"sk": {"S": _key(log, 6).sk}, "sequence": {"N": "6"}, "at_ms": {"N": "1005"}}
    client.put_item(TableName=settings().table, Item=item)


@pytest.mark.parametrize(
    ("tamper", "good", "fault"),
    [
        (_edit(3, actor={"S": "user_innocent"}), 2, "entry 3 is not what was written"),
        (_edit(3, at_ms={"N": "1"}), 2, "entry 3 is not what was written"),
        (_edit(3, after={"S": json.dumps({"role": "VIEWER"})}), 2, "entry 3 is not what was written"),
        (_edit(3, origin={"S": "nothing to read"}), 2, "entry 3 is not what was written"),
        (_edit(3, seal={"S": "0" * 64}), 2, "entry 3 is not what was written"),
        (_edit(3, gsi1pk={"S": "where nobody looks"}), 2, "entry 3 is not what was written"),
        (_edit(3, gsi1sk={"S": "AUDIT#000000000001009#tenancy#000000000003"}), 2, "entry 3 is not what was written"),
        (_delete(3), 2, "entry 3 is missing"),
        (_delete(1), 0, "entry 1 is missing"),
        (_delete(4, 5), 3, "the head says 5 entries"),
        (_swap, 1, "entry 2 is not what was written"),
        (_delete_and_close_up, 2, "entry 3 is not what was written"),
        (_cut_off_with_head, 4, "the head has another seal"),
        (_add, 5, "there are entries after the last"),
    ],
)
def test_tampering_shows_and_where(
    table: DynamoDBClient, organization_id: str, tamper: Tamper, good: int, fault: str
) -> None:
    _write(organization_id)
    assert audit.verify(organization_id).good_entries == 5

    tamper(table, organization_id)

    check = audit.verify(organization_id)
    assert (check.good_entries, check.fault) == (good, f"tenancy: {fault}")


def test_an_entry_moved_to_another_book_does_not_fit(table: DynamoDBClient, organization_id: str) -> None:
    other = organization_id[:-4] + "ZZZZ"
    _write(organization_id)
    _write(other)
    theirs = _item(table, _key(other, 2))

    table.put_item(TableName=settings().table, Item=theirs | _raw(_key(organization_id, 2)))

    assert audit.verify(organization_id).good_entries == 1


def test_what_is_too_long_to_be_kept_stands_as_its_digest(table: DynamoDBClient, organization_id: str) -> None:
    rules = ["x" * 1_000] * 40
    audit.commit(
        [], [Change(organization_id, "a", "site.changed", "c", {"rules": []}, {"rules": rules, "name": "Shop"})]
    )

    (entry,) = audit.entries(organization_id).items
    digest = sha256(json.dumps(rules, separators=(",", ":")).encode()).hexdigest()
    assert entry.change.before == {"rules": []}
    assert entry.change.after == {"rules": f"sha256:{digest} of 40121 characters", "name": "Shop"}
    assert audit.verify(organization_id).fault == ""


def test_an_entry_that_is_too_large_is_refused(table: DynamoDBClient, organization_id: str) -> None:
    with pytest.raises(ValueError, match="too large"):
        audit.commit([], [Change(organization_id, "a", "site.changed", "c" * 40_000)])
