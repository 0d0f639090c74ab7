"""The version of the data: read, judged and kept."""

from optiq.kernel.keys import Key
from optiq.kernel.table import Put, put_one, whole_or_none
from optiq.kernel.table_walk import any_item
from optiq.upgrades.contracts import DataVersion, DataVersionError
from optiq.upgrades.records import DataVersionRecord

_KEY = Key("DATA", "VERSION")
_OF_LATER_BUILDS = "SITEDOMAIN#"
"""0.2.0 wrote no such item, and each later build writes one with each site."""
FIRST_RELEASE = "0.2.0"


def read() -> DataVersion | None:
    """None where the table does not say, as in 0.2.0."""
    try:
        record = DataVersionRecord.get(*_KEY, consistent_read=True)
    except DataVersionRecord.DoesNotExist:
        return None
    return DataVersion(
        int(record.version),
        record.optiq,
        whole_or_none(record.moving_to),
        record.step,
        record.cursor,
        int(record.turn),
    )


def guessed(latest: int, optiq: str) -> DataVersion:
    """What data is that does not say: new, of 0.2.0, or of a build before the first release that says it."""
    is_latest = not any_item() or any_item(DataVersionRecord.pk.startswith(_OF_LATER_BUILDS))
    return DataVersion(latest, optiq) if is_latest else DataVersion(0, FIRST_RELEASE)


def keep(state: DataVersion) -> DataVersion:
    """Writes what the data is now, over what was read.

    Raises:
        DataVersionError: another upgrade wrote meanwhile.
    """
    record = DataVersionRecord(
        *_KEY,
        version=state.version,
        optiq=state.optiq,
        moving_to=state.moving_to,
        step=state.step,
        cursor=state.cursor,
        turn=state.turn + 1,
    )
    before = DataVersionRecord.turn == state.turn if state.turn else DataVersionRecord.pk.does_not_exist()
    if not put_one(Put(record, before)):
        raise DataVersionError("another upgrade of this data runs: let it end, or stop it and start again")
    return DataVersion(state.version, state.optiq, state.moving_to, state.step, state.cursor, state.turn + 1)


def require_known(state: DataVersion, latest: int, optiq: str) -> None:
    """Raises DataVersionError for data that a later Optiq wrote, or began to."""
    found = max(state.version, state.moving_to or 0)
    if found > latest:
        raise DataVersionError(
            f"this data is of Optiq {state.optiq} or later (version {found}), and this is Optiq {optiq}, which knows "
            f"version {latest}: install Optiq {state.optiq} or later, or restore a backup that this Optiq made"
        )
