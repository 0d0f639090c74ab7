"""Conditional puts against the table that runs on one machine."""

from optiq.kernel.keys import job
from optiq.kernel.table import CONDITION_FAILED, Put, Record, Update, put_each, write_together


def test_put_each_names_the_puts_whose_condition_did_not_hold(table: object, organization_id: str) -> None:
    # Given an item that stands already
    put_each([Put(Record(*job(organization_id, "job_1")), Record.pk.does_not_exist())])

    # When it is written again together with a new one, each on condition that it does not exist
    lost = put_each(
        [Put(Record(*job(organization_id, name)), Record.pk.does_not_exist()) for name in ("job_1", "job_2")]
    )

    # Then only the old one is refused, and the new one stands
    assert lost == {0}
    assert Record.get(*job(organization_id, "job_2"))


def test_write_together_names_what_stood_in_the_way_in_the_order_it_was_given(
    table: object, organization_id: str
) -> None:
    # Given an update that cannot be made between puts that can
    def put(name: str) -> Put:
        return Put(Record(*job(organization_id, name)), Record.pk.does_not_exist())

    update = Update(Record(*job(organization_id, "none")), [Record.gsi1sk.set("x")], Record.pk.exists())

    # When they are written together, or with a put that cannot be made
    assert write_together([update, put("a"), put("b")]) == {0: CONDITION_FAILED}
    assert write_together([put("a")]) == {}
    assert write_together([update, put("b"), put("a")]) == {0: CONDITION_FAILED, 2: CONDITION_FAILED}

    # Then nothing of what was refused stands
    assert [record.sk for record in Record.batch_get([job(organization_id, n) for n in ("a", "b")])] == ["JOB#a"]
