"""Conditional puts against the table that runs on one machine."""

from optiq.kernel.keys import job
from optiq.kernel.table import Put, Record, put_each


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
