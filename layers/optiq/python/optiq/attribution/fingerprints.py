"""What the credits of a conversion say, as one short text: by SQL of those in the lake, in Python of those just made.

Two conversions' fingerprints are equal when all their credits are, weights to nine decimals (processors differ in
the last digits of a power). When the credits were computed is no part of it.
"""

import hashlib
import math
from dataclasses import dataclass

from optiq.attribution.contracts import ConversionCredits
from optiq.attribution.lake_rows import credit_rows
from optiq.kernel.lake_tables import CREDITS, latest_rows
from optiq.ports import wiring

_COLUMNS = tuple(name for name in CREDITS.columns if name not in ("conversion_at", "weight", "computed_at"))
_PLACES = [list(CREDITS.columns).index(name) for name in _COLUMNS]
_MODEL, _POSITION, _WEIGHT = (list(CREDITS.columns).index(name) for name in ("model", "position", "weight"))
_WEIGHT_STEPS = 1_000_000_000
_BETWEEN_CELLS, _BETWEEN_ROWS = 31, 30

_CELLS = ", ".join(name if CREDITS.columns[name] == "string" else f"CAST({name} AS VARCHAR)" for name in _COLUMNS)
_STANDING = f"""
SELECT conversion_id, max(revision) AS revision,
    to_hex(md5(to_utf8(array_join(array_agg(cells ORDER BY model, position), chr({_BETWEEN_ROWS}))))) AS fingerprint
FROM (
    SELECT conversion_id, revision, model, position, concat_ws(
        chr({_BETWEEN_CELLS}), {_CELLS}, CAST(CAST(round(weight * {_WEIGHT_STEPS}) AS BIGINT) AS VARCHAR)
    ) AS cells
    FROM ({latest_rows(CREDITS, "site_id = ? AND dt = ?")})
)
GROUP BY conversion_id"""  # noqa: S608 - names are ours


@dataclass(frozen=True, slots=True)
class Standing:
    """A conversion's credits in the lake: of which revision they are, and what they say."""

    revision: int
    fingerprint: str


def standing_credits(organization_id: str, site_id: str, dt: str) -> dict[str, Standing]:
    """The credits that stand in the lake for a UTC day's conversions, by conversion."""
    rows = wiring.query().run(_STANDING, organization_id, (site_id, dt)).rows
    return {str(conversion): Standing(int(revision or 0), str(text)) for conversion, revision, text in rows}


def fingerprint(credited: ConversionCredits) -> str:
    # Models and positions sort as text and number on both sides.
    rows = sorted(credit_rows(credited), key=lambda row: (row[_MODEL], row[_POSITION]))
    lines = (
        chr(_BETWEEN_CELLS).join(
            [*(str(row[place]) for place in _PLACES), str(math.floor(float(row[_WEIGHT]) * _WEIGHT_STEPS + 0.5))]
        )
        for row in rows
    )
    return hashlib.md5(chr(_BETWEEN_ROWS).join(lines).encode(), usedforsecurity=False).hexdigest().upper()
