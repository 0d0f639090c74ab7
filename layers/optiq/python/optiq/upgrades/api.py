"""The upgrades context: data is of a version, and is brought to that of this Optiq before it is used."""

from collections.abc import Callable
from dataclasses import replace

from optiq.upgrades import state
from optiq.upgrades.contracts import LATEST, DataVersion, DataVersionError, Migration, Progress

Report = Callable[[Progress], None]


def found(optiq: str) -> DataVersion:
    """What the data is; nothing is written.

    Args:
        optiq: this release.

    Raises:
        DataVersionError: a later Optiq wrote it, or began to.
    """
    known = state.read() or state.guessed(LATEST, optiq)
    state.require_known(known, LATEST, optiq)
    return known


def is_current(data: DataVersion) -> bool:
    return data.version == LATEST and data.moving_to is None


def require_current(optiq: str) -> None:
    """Raises DataVersionError for data of a later Optiq, or that is to be upgraded first."""
    data = found(optiq)
    if not is_current(data):
        half = f"its upgrade to version {data.moving_to} is not over" if data.moving_to else f"it is of {data.optiq}"
        raise DataVersionError(f"this data must be upgraded first, for {half}: run `optiq upgrade`")


def upgrade(optiq: str, report: Report) -> DataVersion:
    """Brings the data to the version of this Optiq, going on where an interrupted upgrade ended; a new table gets its
    version. Nothing else may write meanwhile.

    Raises:
        DataVersionError: a later Optiq wrote the data, or began to; or another upgrade runs.
    """
    # What only reads the version need not load what migrates.
    from optiq.upgrades.migrations import MIGRATIONS

    data = found(optiq)
    for migration in MIGRATIONS:
        if migration.version > data.version:
            data = _migrate(data, migration, report)
    if data.turn == 0 or data.optiq != optiq:
        data = state.keep(replace(data, optiq=optiq))
    return data


def _migrate(data: DataVersion, migration: Migration, report: Report) -> DataVersion:
    names = [step.name for step in migration.steps]
    first = names.index(data.step) if data.moving_to else 0
    for number, step in enumerate(migration.steps[first:], first):
        if step.name != data.step or not data.moving_to:
            # The release is noted that must go on with it.
            data = state.keep(
                replace(data, optiq=migration.optiq, moving_to=migration.version, step=step.name, cursor="")
            )
        parts = 0
        report(Progress(migration.version, number + 1, len(names), step.what, parts))
        for cursor in step.run(data.cursor):
            parts += 1
            data = state.keep(replace(data, cursor=cursor))
            report(Progress(migration.version, number + 1, len(names), step.what, parts))
    return state.keep(replace(data, version=migration.version, moving_to=None, step="", cursor=""))
