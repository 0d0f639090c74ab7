"""Ids in the lake's rows of 0.2.0: of visits, worked out of the old ones, and of conversions, as they moved."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import pyarrow as pa

from optiq.kernel.ids import decode_ulid, encode_ulid
from optiq.kernel.lake_tables import LakeTable
from optiq.ports.lake import DamagedFileError, Lake, LakeFile

_MARK = {b"optiq.ids": b"1"}
"""In the footer of a file whose ids are today's: to change a visit's id twice would spoil it."""
_OLD_DELAY_BITS, _OLD_POSITION_BITS, _OLD_TAIL_BITS = 36, 12, 32
_NEW_DELAY_BITS, _NEW_TAIL_BITS = 38, 30


def new_touch_id(touch_id: str) -> str:
    """An id of 0.2.0 had the position, the delay and 32 bits of a digest; today's has delay, position and 30 bits."""
    prefix, _, text = touch_id.rpartition("_")
    value = int.from_bytes(decode_ulid(text), "big")
    tail = value & (1 << _NEW_TAIL_BITS) - 1
    delay = value >> _OLD_TAIL_BITS & (1 << _OLD_DELAY_BITS) - 1
    position = value >> _OLD_TAIL_BITS + _OLD_DELAY_BITS & (1 << _OLD_POSITION_BITS) - 1
    instant = value >> _OLD_TAIL_BITS + _OLD_DELAY_BITS + _OLD_POSITION_BITS
    moment = (instant << _NEW_DELAY_BITS | delay) << _OLD_POSITION_BITS | position
    return f"{prefix}_{encode_ulid((moment << _NEW_TAIL_BITS | tail).to_bytes(16, 'big'))}"


def rename(lake: Lake, tables: Sequence[LakeTable], conversion_ids: Mapping[str, str]) -> Iterator[int]:
    """Gives rows today's ids, a file after another; yields the number of files. Damaged ones stay as they are."""
    done = 0
    for table in tables:
        for organization_id in lake.organizations(table.name):
            for file in list(lake.files(table.name, organization_id)):
                _rename_in(lake, file, conversion_ids)
                done += 1
                yield done


def _rename_in(lake: Lake, file: LakeFile, conversion_ids: Mapping[str, str]) -> None:
    try:
        rows = None if _is_marked(lake.metadata(file)) else lake.read(file)
    except DamagedFileError:
        return
    if rows is None:
        return
    names: dict[str, Callable[[str], str]] = {
        "touch_id": new_touch_id,
        "conversion_id": lambda one: conversion_ids.get(one, one),
    }
    for column, new in names.items():
        if column in rows.column_names:
            place = rows.column_names.index(column)
            values = [new(one) if one else one for one in rows.column(place).to_pylist()]
            rows = rows.set_column(place, rows.schema.field(place), pa.array(values, rows.schema.field(place).type))
    marked = rows.replace_schema_metadata({**(rows.schema.metadata or {}), **_MARK})
    lake.append(file.table, file.organization_id, file.day, file.name, marked)


def _is_marked(metadata: Mapping[bytes, bytes] | None) -> bool:
    return _MARK.items() <= (metadata or {}).items()
