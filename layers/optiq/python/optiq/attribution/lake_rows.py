"""Credits as rows of the lake: one for each conversion, model and touch of its path."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

import pyarrow as pa

from optiq.attribution.contracts import ConversionCredits
from optiq.journeys.contracts import DIRECT, Touch
from optiq.kernel.clock import day_of
from optiq.kernel.lake_tables import CREDITS
from optiq.ports import wiring
from optiq.ports.lake_rows import arrow_table

CreditRow = tuple[str | int | float, ...]
"""The columns of the `credits` table, in its order; instants in milliseconds."""

_UTC = ZoneInfo("UTC")
_SCHEMA = arrow_table(CREDITS, ()).schema
_NO_TOUCH = (0, 0, "", DIRECT, "(direct)", "(none)", "(not set)", "")


def append_credits(credited: Sequence[ConversionCredits]) -> None:
    """Appends credits to the lake, a file for each organization and UTC day of conversion.

    A file is named for what it holds, so the same credits written again replace their own file and no other.
    """
    partitions: dict[tuple[str, str], list[ConversionCredits]] = defaultdict(list)
    for item in credited:
        conversion = item.path.conversion
        partitions[conversion.organization_id, day_of(conversion.occurred_ms, _UTC).isoformat()].append(item)
    for (organization_id, day), items in partitions.items():
        rows = [row for item in items for row in credit_rows(item)]
        columns = [pa.array(column, field.type) for column, field in zip(zip(*rows, strict=True), _SCHEMA, strict=True)]
        table = pa.Table.from_arrays(columns, schema=_SCHEMA)
        wiring.lake().append(CREDITS.name, organization_id, day, _file_name(items), table)


def credit_rows(credited: ConversionCredits) -> Iterator[CreditRow]:
    conversion, touches = credited.path.conversion, credited.path.touches
    placed = [_touch_columns(place, len(touches), touch) for place, touch in enumerate(touches, 1)] or [_NO_TOUCH]
    for model, shares in credited.credits.items():
        for (position, length, touch_id, *dimensions), share in zip(placed, shares, strict=True):
            yield (
                conversion.conversion_id,
                conversion.site_id,
                conversion.customer_id,
                conversion.occurred_ms,
                model.value,
                touch_id,
                position,
                length,
                *dimensions,
                share.weight,
                share.credit_micros,
                conversion.value_micros,
                conversion.currency,
                credited.path.evidence.value,
                conversion.revision,
                credited.computed_ms,
            )


def _touch_columns(position: int, length: int, touch: Touch) -> tuple[int, int, str, str, str, str, str, str]:
    return (
        position,
        length,
        touch.touch_id,
        touch.channel,
        touch.source,
        touch.medium,
        touch.campaign,
        touch.landing_page,
    )


def _file_name(credited: Sequence[ConversionCredits]) -> str:
    digest = hashlib.blake2b(digest_size=12)
    for item in credited:
        conversion = item.path.conversion
        digest.update(f"{conversion.conversion_id}\x1f{conversion.revision}\x1f{item.computed_ms}\n".encode())
    return f"{credited[0].computed_ms}-{digest.hexdigest()}"
